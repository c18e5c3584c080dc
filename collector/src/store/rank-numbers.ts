/** The place of each of many numbers among all of them, in a few passes that each can be cut into turns. */
import { inSlices, type Turn } from '../turn.ts';

export type Ranked = {
  readonly sorted: Float64Array;
  /** Of each number, in the order they were given; equal numbers have the same. */
  readonly places: Uint32Array;
};

/**
 * The upper half of a double grows with the number, whatever the numbers are. So they are dealt by it into about as many
 * bins as there are numbers, and only the few of one bin have to be sorted: a third of the work of sorting them all.
 */
export async function rankNumbers(numbers: Float64Array, turn: Turn): Promise<Ranked> {
  const binOf = await toBins(numbers, turn);
  const starts = await countBins(numbers.length, binOf, turn);
  const sorted = await deal(numbers, binOf, starts, turn);
  const places = new Uint32Array(numbers.length);
  await inSlices(turn, numbers.length, (from, until) => {
    for (let at = from; at < until; at += 1) {
      const bin = binOf[at] ?? 0;
      places[at] = lowerBound(sorted, numbers[at] ?? 0, starts[bin] ?? 0, starts[bin + 1] ?? 0);
    }
  });
  return { sorted, places };
}

async function toBins(numbers: Float64Array, turn: Turn): Promise<Uint32Array> {
  const halves = new Int32Array(numbers.buffer, numbers.byteOffset, numbers.length * 2);
  let [least, greatest] = [Infinity, -Infinity];
  await inSlices(turn, numbers.length, (from, until) => {
    for (let at = from; at < until; at += 1) {
      const key = toKey(halves[at * 2 + 1] ?? 0);
      if (key < least) least = key;
      if (key > greatest) greatest = key;
    }
  });
  let shift = 0;
  while ((greatest - least) / 2 ** shift > numbers.length) shift += 1;
  const bins = new Uint32Array(numbers.length);
  await inSlices(turn, numbers.length, (from, until) => {
    for (let at = from; at < until; at += 1)
      bins[at] = (toKey(halves[at * 2 + 1] ?? 0) - least) >>> shift;
  });
  return bins;
}

/** Of negative numbers the bits grow as they fall; -0 is 0. */
function toKey(upperHalf: number): number {
  return upperHalf < 0 ? (upperHalf ^ 0x7fffffff) + 1 : upperHalf;
}

/** Where each bin begins; one more than there are bins. */
async function countBins(count: number, binOf: Uint32Array, turn: Turn): Promise<Uint32Array> {
  const starts = new Uint32Array(count + 2);
  await inSlices(turn, count, (from, until) => {
    for (let at = from; at < until; at += 1) {
      const next = (binOf[at] ?? 0) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
  });
  for (let bin = 1; bin < starts.length; bin += 1)
    starts[bin] = (starts[bin] ?? 0) + (starts[bin - 1] ?? 0);
  return starts;
}

async function deal(
  numbers: Float64Array,
  binOf: Uint32Array,
  starts: Uint32Array,
  turn: Turn,
): Promise<Float64Array> {
  const sorted = new Float64Array(numbers.length);
  const next = starts.slice();
  await inSlices(turn, numbers.length, (from, until) => {
    for (let at = from; at < until; at += 1) {
      const bin = binOf[at] ?? 0;
      const place = next[bin] ?? 0;
      sorted[place] = numbers[at] ?? 0;
      next[bin] = place + 1;
    }
  });
  await inSlices(turn, starts.length - 1, (from, until) => {
    for (let bin = from; bin < until; bin += 1)
      sortFew(sorted, starts[bin] ?? 0, starts[bin + 1] ?? 0);
  });
  return sorted;
}

const few = 24;

function sortFew(numbers: Float64Array, from: number, until: number): void {
  if (until - from > few) {
    // Where there are few different numbers a bin has thousands of one, which take far longer to sort than to look at.
    if (!isAscending(numbers, from, until)) numbers.subarray(from, until).sort();
    return;
  }
  for (let at = from + 1; at < until; at += 1) {
    const number = numbers[at] ?? 0;
    let place = at;
    for (; place > from && (numbers[place - 1] ?? 0) > number; place -= 1)
      numbers[place] = numbers[place - 1] ?? 0;
    numbers[place] = number;
  }
}

function isAscending(numbers: Float64Array, from: number, until: number): boolean {
  for (let at = from + 1; at < until; at += 1)
    if ((numbers[at - 1] ?? 0) > (numbers[at] ?? 0)) return false;
  return true;
}

function lowerBound(sorted: Float64Array, number: number, first: number, end: number): number {
  let from = first;
  let to = end;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((sorted[middle] ?? 0) < number) from = middle + 1;
    else to = middle;
  }
  return from;
}
