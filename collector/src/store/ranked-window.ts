/** Which of many numbers are in a window that slides, and the nth of them. Exact, whatever the numbers are. */
import type { Ranked } from './rank-numbers.ts';

const blockBits = 8;

/**
 * Every number has its place among all of them from the start, so that entering and leaving are two counts, and the nth
 * is found by adding up counts of blocks, then of one block.
 */
export class RankedWindow {
  readonly #sorted: Float64Array;
  readonly #places: Uint32Array;
  readonly #counts: Int32Array;
  readonly #blocks: Int32Array;
  #size = 0;

  constructor({ sorted, places }: Ranked) {
    this.#sorted = sorted;
    this.#places = places;
    this.#counts = new Int32Array(sorted.length);
    this.#blocks = new Int32Array((sorted.length >> blockBits) + 1);
  }

  get size(): number {
    return this.#size;
  }

  /** @param at of the number, among those that it was made with */
  enter(at: number): void {
    this.#change(at, 1);
  }

  leave(at: number): void {
    this.#change(at, -1);
  }

  /** @param nth from 0, the least, to below the size */
  nth(nth: number): number {
    return nth * 2 < this.#size ? this.#fromBelow(nth) : this.#fromAbove(this.#size - 1 - nth);
  }

  #change(at: number, by: number): void {
    const place = this.#places[at] ?? 0;
    this.#counts[place] = (this.#counts[place] ?? 0) + by;
    const block = place >> blockBits;
    this.#blocks[block] = (this.#blocks[block] ?? 0) + by;
    this.#size += by;
  }

  #fromBelow(nth: number): number {
    let left = nth;
    let block = 0;
    for (; left >= (this.#blocks[block] ?? Infinity); block += 1) left -= this.#blocks[block] ?? 0;
    let place = block << blockBits;
    for (; left >= (this.#counts[place] ?? Infinity); place += 1) left -= this.#counts[place] ?? 0;
    return this.#sorted[place] ?? Number.NaN;
  }

  #fromAbove(nth: number): number {
    let left = nth;
    let block = this.#blocks.length - 1;
    for (; left >= (this.#blocks[block] ?? Infinity); block -= 1) left -= this.#blocks[block] ?? 0;
    let place = Math.min(((block + 1) << blockBits) - 1, this.#counts.length - 1);
    for (; left >= (this.#counts[place] ?? Infinity); place -= 1) left -= this.#counts[place] ?? 0;
    return this.#sorted[place] ?? Number.NaN;
  }
}

/**
 * The nth of a window and of others, which come from the greatest down.
 * @param greatest the one that as many others exceed
 */
export function nthOfBoth(
  window: RankedWindow,
  others: { readonly size: number; readonly greatest: (at: number) => number },
  nth: number,
): number {
  // How many of the others are among those that exceed the nth: the fewest that leave no greater one below it.
  const above = window.size + others.size - 1 - nth;
  let from = Math.max(0, above - window.size);
  let to = Math.min(others.size, above);
  const fromWindow = (taken: number): number => {
    const left = window.size - 1 - (above - taken);
    return left < 0 ? -Infinity : window.nth(left);
  };
  while (from < to) {
    const middle = (from + to) >> 1;
    if (others.greatest(middle) > fromWindow(middle + 1)) from = middle + 1;
    else to = middle;
  }
  const next = from < others.size ? others.greatest(from) : -Infinity;
  return Math.max(next, fromWindow(from));
}
