/** What comes again and again in a sequence of keys. Equal keys mean equal steps. */

export const longestPeriod = 8;

/** `period` steps in a row, `repeats` times: those from `from` until before `to`. */
export type Rounds = {
  readonly from: number;
  readonly to: number;
  readonly period: number;
  readonly repeats: number;
};

/** Runs of one key, each as long as it gets. */
export function findStreaks(keys: readonly unknown[]): readonly Rounds[] {
  const streaks: Rounds[] = [];
  let from = 0;
  for (let to = 1; to <= keys.length; to += 1) {
    if (to < keys.length && keys[to] === keys[from]) continue;
    streaks.push({ from, to, period: 1, repeats: to - from });
    from = to;
  }
  return streaks;
}

/**
 * Rounds of two to eight steps, each with the shortest period that explains it: what goes round three times is not
 * told again as going round once and a half. Eight comparisons a step.
 */
export function findCycles(keys: readonly unknown[], least: number): readonly Rounds[] {
  const isTold = new Uint8Array(keys.length);
  for (const { from, to, repeats } of findStreaks(keys)) {
    if (repeats >= least) isTold.fill(1, from, to);
  }
  const cycles: Rounds[] = [];
  for (let period = 2; period <= longestPeriod; period += 1) {
    for (const cycle of withPeriod(keys, period)) {
      if (cycle.repeats < least || isTold.subarray(cycle.from, cycle.to).includes(1)) continue;
      isTold.fill(1, cycle.from, cycle.to);
      cycles.push(cycle);
    }
  }
  return cycles.sort((a, b) => a.from - b.from);
}

function withPeriod(keys: readonly unknown[], period: number): readonly Rounds[] {
  const found: Rounds[] = [];
  let equal = 0;
  for (let at = period; at <= keys.length; at += 1) {
    if (at < keys.length && keys[at] === keys[at - period]) {
      equal += 1;
      continue;
    }
    if (equal > 0) {
      const from = at - equal - period;
      const repeats = Math.floor((equal + period) / period);
      found.push({ from, to: from + repeats * period, period, repeats });
    }
    equal = 0;
  }
  return found;
}

/** A round has no first step: of all rotations the one whose names come first stands for it. */
export function toSignature(names: readonly string[]): string {
  let best = names.join(' > ');
  for (let by = 1; by < names.length; by += 1) {
    const turned = [...names.slice(by), ...names.slice(0, by)].join(' > ');
    if (turned < best) best = turned;
  }
  return best;
}
