/** The figures of one group at every place of a sliding window, from its samples. Pure, one place at a time. */
import { inSlices, type Turn } from '../turn.ts';
import { rankNumbers } from './rank-numbers.ts';
import { nthOfBoth, RankedWindow } from './ranked-window.ts';
import { RunningSum } from './running-sum.ts';
import { toOrder, type Lists } from './sliding-rows.ts';
import type { SampleColumn, toWindowCells } from './sliding-sql.ts';

/** Goes from place to place: called once for each, in order. */
export type Slide<T> = (place: number) => T;
export type WindowCells = ReturnType<typeof toWindowCells>;

/** Of the samples of a window: how many there are, and what those columns that were read add up to. */
export type Sums = { n: number } & Partial<Record<SampleColumn, number>>;

export async function slideSums(
  lists: Lists,
  columns: readonly SampleColumn[],
  { from, until, cellCount }: WindowCells,
  turn: Turn,
): Promise<Slide<Sums>> {
  const cells = lists.places('cells');
  const summed = columns.filter((column) => column !== 'number' && column !== 'counted');
  const counted = columns.includes('counted') ? lists.numbers('counted') : null;
  const fields = [await toField('n', cells, counted, cellCount, turn)];
  for (const name of summed)
    fields.push(await toField(name, cells, lists.numbers(name), cellCount, turn));
  const sums: Sums = { n: 0 };
  let [low, high] = [0, 0];
  return (place) => {
    const [first, end] = [from[place] ?? 0, until[place] ?? 0];
    for (const { name, ofCell, sum } of fields) {
      for (let cell = high; cell < end; cell += 1) sum.add(ofCell[cell] ?? 0);
      for (let cell = low; cell < first; cell += 1) sum.add(-(ofCell[cell] ?? 0));
      sums[name] = sum.value;
    }
    low = first;
    high = end;
    return sums;
  };
}

type Field = {
  readonly name: 'n' | SampleColumn;
  readonly ofCell: Float64Array;
  readonly sum: RunningSum;
};

/** @param numbers null = one each */
async function toField(
  name: Field['name'],
  cells: Uint32Array,
  numbers: Float64Array | null,
  cellCount: number,
  turn: Turn,
): Promise<Field> {
  const ofCell = new Float64Array(cellCount);
  await inSlices(turn, cells.length, (from, until) => {
    for (let at = from; at < until; at += 1) {
      const cell = cells[at] ?? 0;
      ofCell[cell] = (ofCell[cell] ?? 0) + (numbers === null ? 1 : (numbers[at] ?? 0));
    }
  });
  return { name, ofCell, sum: new RunningSum() };
}

export async function slideRanks(
  lists: Lists,
  isCounted: boolean,
  { from, until, cellCount }: WindowCells,
  turn: Turn,
): Promise<Slide<RankedWindow>> {
  const window = new RankedWindow(await rankNumbers(lists.numbers('number'), turn));
  const counted = isCounted ? lists.numbers('counted') : null;
  const { starts, order } = await toOrder(lists.places('cells'), cellCount, turn);
  let [low, high] = [0, 0];
  return (place) => {
    const [first, end] = [starts[from[place] ?? 0] ?? 0, starts[until[place] ?? 0] ?? 0];
    for (; high < end; high += 1) {
      const row = order[high] ?? 0;
      if (counted === null || counted[row] === 1) window.enter(row);
    }
    for (; low < first; low += 1) {
      const row = order[low] ?? 0;
      if (counted === null || counted[row] === 1) window.leave(row);
    }
    return window;
  };
}

/** Open stretches: how many there are, when they began, first things first, and the sum of that. */
export type Open = {
  readonly began: RankedWindow;
  readonly sum: RunningSum;
};

export async function slideOpen(lists: Lists, count: number, turn: Turn): Promise<Slide<Open>> {
  const began = lists.numbers('began');
  const open: Open = {
    began: new RankedWindow(await rankNumbers(began, turn)),
    sum: new RunningSum(),
  };
  const come = await toOrder(lists.places('enter'), count + 1, turn);
  const go = await toOrder(lists.places('leave'), count + 1, turn);
  return (place) => {
    const [entered, left] = [come.starts[place + 1] ?? 0, go.starts[place + 1] ?? 0];
    for (let at = come.starts[place] ?? 0; at < entered; at += 1) {
      const row = come.order[at] ?? 0;
      open.began.enter(row);
      open.sum.add(began[row] ?? 0);
    }
    for (let at = go.starts[place] ?? 0; at < left; at += 1) {
      const row = go.order[at] ?? 0;
      open.began.leave(row);
      open.sum.add(-(began[row] ?? 0));
    }
    return open;
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
