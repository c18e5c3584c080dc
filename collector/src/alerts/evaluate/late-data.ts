/**
 * Incidents that were judged before their window was whole. They are not judged again: whoever looks is told that the
 * numbers of today are not those of then.
 */
import { readLateShare } from '../../store/read-lag.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { AlertEvent, Episode, Instance } from '../instance.ts';
import { sourceOf } from '../settings/metric-facts.ts';
import type { Look } from './due.ts';
import type { RoundParts } from './evaluate-project.ts';
import type { Window } from './to-asks.ts';

const watchedMs = 600_000;
const everyMs = 60_000;
const leastShare = 0.01;

type Watched = {
  readonly instance: Instance;
  readonly episode: Episode;
  readonly window: Window;
  checkedMs: number;
  isLate: boolean;
};

/** Never rejects: it is asked again a minute later. */
export function createLateData(
  reader: Reader,
  warn: (message: string, fields: Readonly<Record<string, unknown>>) => void,
): RoundParts['lateEvents'] {
  const byRule = new Map<string, Map<string, Watched>>();
  return async (look, instances) => {
    if (sourceOf(look.known.rule.metric) === null) return [];
    const key = `${look.projectId} ${look.known.rule.id}`;
    const watched = byRule.get(key) ?? new Map<string, Watched>();
    for (const instance of instances) watch(watched, look, instance);
    const events: AlertEvent[] = [];
    for (const [id, one] of watched) {
      if (look.atMs - one.episode.startedAtMs > watchedMs) watched.delete(id);
      else if (!one.isLate && look.atMs - one.checkedMs >= everyMs) {
        one.checkedMs = look.atMs;
        try {
          events.push(...(await check(reader, look, one)));
        } catch (error) {
          warn('whether spans came late was not read', { rule: look.known.rule.id, error });
        }
      }
    }
    if (watched.size > 0) byRule.set(key, watched);
    else byRule.delete(key);
    return events;
  };
}

function watch(watched: Map<string, Watched>, look: Look, instance: Instance): void {
  const { episode } = instance;
  if (episode === null || watched.has(episode.id)) return;
  if (look.atMs - episode.startedAtMs > watchedMs) return;
  const { atMs, window, timed } = look;
  const toMs = episode.startedAtMs - (atMs - window.toMs);
  const own = { fromMs: toMs - timed.windowMs, toMs };
  const checkedMs = episode.startedAtMs;
  watched.set(episode.id, { instance, episode, window: own, checkedMs, isLate: false });
}

async function check(reader: Reader, look: Look, one: Watched): Promise<AlertEvent[]> {
  const { episode, instance, window } = one;
  const judgedAtMs = episode.startedAtMs;
  const share = await readLateShare(reader, look.projectId, { ...window, judgedAtMs });
  if (share === null || share <= leastShare) return [];
  one.isLate = true;
  const percent = (share * 100).toFixed(share < 0.1 ? 1 : 0);
  return [
    {
      kind: 'late_data',
      atMs: look.atMs,
      fingerprint: instance.fingerprint,
      group: instance.group,
      episode,
      value: instance.value,
      threshold: instance.threshold,
      samples: instance.samples,
      reason: `${percent} % of the spans of its window arrived after it was judged`,
    },
  ];
}
