import type { AlertEvent, Instance } from '../instance.ts';
import type { LeftOut } from '../state/baseline.ts';

/** An incident that would have been. */
export type BacktestEpisode = {
  readonly group: string;
  readonly startedAtMs: number;
  /** Null while it goes on at the end of the range. */
  readonly endedAtMs: number | null;
  readonly worst: number | null;
};

export type Episodes = {
  readonly add: (events: readonly AlertEvent[]) => void;
  /** Of one group; another array when one began or ended. */
  readonly of: (group: string) => readonly LeftOut[];
  readonly openCount: () => number;
  /** @param instances as they are at the end: they know the worst of what goes on */
  readonly finish: (instances: readonly Instance[]) => BacktestEpisode[];
};

const none: readonly LeftOut[] = [];

export function createEpisodes(): Episodes {
  const ofGroup = new Map<string, readonly BacktestEpisode[]>();
  let open = 0;
  return {
    add: (events) => {
      for (const { kind, group, atMs, episode } of events) {
        if (episode === null || (kind !== 'firing' && kind !== 'resolved')) continue;
        const before = ofGroup.get(group) ?? [];
        const earlier = kind === 'firing' ? before : before.slice(0, -1);
        const { startedAtMs, worstValue: worst } = episode;
        const endedAtMs = kind === 'firing' ? null : atMs;
        ofGroup.set(group, [...earlier, { group, startedAtMs, endedAtMs, worst }]);
        open += kind === 'firing' ? 1 : -1;
      }
    },
    of: (group) => ofGroup.get(group) ?? none,
    openCount: () => open,
    finish: (instances) => {
      const worstOf = new Map(instances.map(({ group, episode }) => [group, episode?.worstValue]));
      const toEnd = (one: BacktestEpisode): BacktestEpisode =>
        one.endedAtMs === null ? { ...one, worst: worstOf.get(one.group) ?? one.worst } : one;
      return [...ofGroup.values()]
        .flat()
        .map(toEnd)
        .sort((a, b) => a.startedAtMs - b.startedAtMs);
    },
  };
}
