import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { beginTurn } from '../turn.ts';
import { rankNumbers } from './rank-numbers.ts';
import { nthOfBoth, RankedWindow } from './ranked-window.ts';
import { RunningSum } from './running-sum.ts';

const number = fc.oneof(fc.nat({ max: 9 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const someNumbers = fc.array(fc.tuple(number, fc.boolean()), { minLength: 1, maxLength: 2_000 });
const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

const windowOf = async (numbers: readonly number[]): Promise<RankedWindow> =>
  new RankedWindow(await rankNumbers(Float64Array.from(numbers), beginTurn()));

test('the nth of those that are in the window is the nth when they are sorted', async () => {
  await fc.assert(
    fc.asyncProperty(someNumbers, async (drawn) => {
      const window = await windowOf(drawn.map(([value]) => value));
      for (const at of drawn.keys()) window.enter(at);
      for (const [at, [, stays]] of drawn.entries()) if (!stays) window.leave(at);
      const inside = ascending(drawn.flatMap(([value, stays]) => (stays ? [value] : [])));
      expect(window.size).toBe(inside.length);
      for (const [nth, value] of inside.entries()) expect(window.nth(nth) === value).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('the nth of a window and of others is the nth when they are sorted together', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(number, { maxLength: 40 }),
      fc.array(number, { maxLength: 40 }),
      async (own, others) => {
        const window = await windowOf(own);
        for (const at of own.keys()) window.enter(at);
        const descending = ascending(others).reverse();
        const both = {
          size: others.length,
          greatest: (at: number) => descending[at] ?? Number.NaN,
        };
        const found = [...own, ...others].map((_, nth) => nthOfBoth(window, both, nth));
        expect(found.map((one) => one + 0)).toEqual(
          ascending([...own, ...others]).map((one) => one + 0),
        );
      },
    ),
  );
});

test('numbers of any size have the places they have when they are sorted', async () => {
  const any = fc.oneof(
    fc.double({ noNaN: true }),
    fc.double({ noNaN: true, min: 5e9, max: 5e9 + 1e-6 }),
    fc.constantFrom(0, -0, 7, 7e9),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(any, { maxLength: 500 }), async (drawn) => {
      const { sorted, places } = await rankNumbers(Float64Array.from(drawn), beginTurn());
      expect([...sorted].map((one) => one + 0)).toEqual(ascending(drawn).map((one) => one + 0));
      for (const [at, value] of drawn.entries())
        expect(places[at]).toBe(sorted.findIndex((one) => one >= value));
    }),
  );
});

test('a sum that all was taken from again is nothing, however large it was', () => {
  const sum = new RunningSum();
  for (const one of [0.1, 1e15, 0.2, 3e-9]) sum.add(one);
  for (const one of [1e15, 0.2, 3e-9]) sum.add(-one);
  expect(sum.value).toBe(0.1);
});
