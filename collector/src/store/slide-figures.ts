/** The figures of one group at every place of a sliding window, from its rows. Pure, one place at a time. */
import { nthOfBoth, RankedWindow } from './ranked-window.ts';
import { RunningSum } from './running-sum.ts';
import { toMoves, type PlacedRows } from './sliding-rows.ts';

export const sumNames = ['n', 'total', 'weights', 'each', 'calls', 'known'] as const;
export type Sums = Record<(typeof sumNames)[number], number>;

/** Goes from place to place: called once for each, in order. */
export type Slide<T> = (place: number) => T;

export function slideSums({ enters, leaves, numbers }: PlacedRows, count: number): Slide<Sums> {
  const moves = toMoves({ enters, leaves }, count);
  const fields = sumNames.map((name) => ({
    name,
    column: numbers[name] ?? new Float64Array(0),
    sum: new RunningSum(),
  }));
  const sums: Sums = { n: 0, total: 0, weights: 0, each: 0, calls: 0, known: 0 };
  return (place) => {
    const [entering, leaving] = [moves.entering(place), moves.leaving(place)];
    if (entering.length + leaving.length === 0) return sums;
    for (const { name, column, sum } of fields) {
      for (const row of entering) sum.add(column[row] ?? 0);
      for (const row of leaving) sum.add(-(column[row] ?? 0));
      sums[name] = sum.value;
    }
    return sums;
  };
}

/** Open stretches: how many there are, when they began, first things first, and the sum of that. */
export type Open = {
  readonly began: RankedWindow;
  readonly sum: RunningSum;
};

export function slideOpen(rows: PlacedRows, count: number): Slide<Open> {
  const began = rows.numbers['number'] ?? new Float64Array(0);
  const open: Open = { began: new RankedWindow(began), sum: new RunningSum() };
  const moves = toMoves(rows, count);
  return (place) => {
    for (const row of moves.entering(place)) {
      open.began.enter(row);
      open.sum.add(began[row] ?? 0);
    }
    for (const row of moves.leaving(place)) {
      open.began.leave(row);
      open.sum.add(-(began[row] ?? 0));
    }
    return open;
  };
}

export function slideRanks(rows: PlacedRows, count: number): Slide<RankedWindow> {
  const window = new RankedWindow(rows.numbers['number'] ?? new Float64Array(0));
  const moves = toMoves(rows, count);
  return (place) => {
    for (const row of moves.entering(place)) window.enter(row);
    for (const row of moves.leaving(place)) window.leave(row);
    return window;
  };
}

/** As the store counts them: from the greatest down, see nearest-ranks.ts. */
const levels = { p50: 0.5, p95: 0.05, p99: 0.01 } as const;
export type Rank = keyof typeof levels | 'min' | 'max';

/** @param openUntil of open stretches, on the scale of when they began; null = they do not count */
export function rankOf(
  rank: Rank,
  window: RankedWindow,
  open: Open | null,
  openUntil: number,
): number | null {
  const size = window.size + (open?.began.size ?? 0);
  if (size === 0) return null;
  const above = rank === 'max' ? 0 : rank === 'min' ? size - 1 : Math.floor(levels[rank] * size);
  const nth = size - 1 - above;
  if (open === null || open.began.size === 0) return window.nth(nth);
  const age = (at: number): number => Math.max(0, openUntil - open.began.nth(at));
  return nthOfBoth(window, { size: open.began.size, greatest: age }, nth);
}
