/** A rule watches at most a hundred groups: the worst. */
import type { Instance } from '../instance.ts';
import type { Verdict } from '../reading.ts';

export const mostInstances = 100;

type Newcomer = readonly [group: string, verdict: Verdict];

export type Taken = {
  readonly taken: readonly Newcomer[];
  /** Known ones that have to go: none that is anything but well. */
  readonly displaced: ReadonlySet<Instance>;
  /** Newcomers beyond the threshold that there is no room for. */
  readonly overflow: number;
};

const none: ReadonlySet<Instance> = new Set();

/**
 * What is pending or fires stays, however bad the newcomers are: to let go of it would be to say that it is over. Then
 * come the newcomers beyond the threshold, the farthest first, and then whatever there is room for.
 */
export function takeWorst(known: readonly Instance[], newcomers: readonly Newcomer[]): Taken {
  if (newcomers.length === 0 || known.length + newcomers.length <= mostInstances)
    return { taken: newcomers, displaced: none, overflow: 0 };
  const well = known.filter(({ core }) => core === 'normal');
  const breaching = newcomers
    .filter(([, { type }]) => type === 'breach')
    .sort(([groupA, a], [groupB, b]) => distance(b) - distance(a) || (groupA < groupB ? -1 : 1));
  const room = Math.max(0, mostInstances - (known.length - well.length));
  const worst = breaching.slice(0, room);
  const roomForOthers = Math.max(0, room - worst.length - well.length);
  const others = newcomers.filter(([, { type }]) => type !== 'breach').slice(0, roomForOthers);
  const tooMany = Math.max(0, worst.length + well.length - room);
  return {
    taken: [...worst, ...others],
    displaced: new Set(well.slice(well.length - tooMany)),
    overflow: breaching.length - worst.length,
  };
}

/** Beyond the threshold by so much; nothing of what has no value. Infinitely far is farthest, never `NaN`. */
function distance(verdict: Verdict): number {
  if (verdict.type !== 'breach' || verdict.value === null) return 0;
  const beyond = Math.abs(verdict.value - (verdict.threshold ?? 0));
  return Math.min(beyond, Number.MAX_VALUE);
}
