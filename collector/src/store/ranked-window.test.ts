import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nthOfBoth, RankedWindow } from './ranked-window.ts';
import { RunningSum } from './running-sum.ts';

const number = fc.oneof(fc.nat({ max: 9 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const someNumbers = fc.array(fc.tuple(number, fc.boolean()), { minLength: 1, maxLength: 2_000 });
const ascending = (numbers: readonly number[]): number[] => numbers.toSorted((a, b) => a - b);

test('the nth of those that are in the window is the nth when they are sorted', () => {
  fc.assert(
    fc.property(someNumbers, (drawn) => {
      const window = new RankedWindow(Float64Array.from(drawn, ([value]) => value));
      for (const at of drawn.keys()) window.enter(at);
      for (const [at, [, stays]] of drawn.entries()) if (!stays) window.leave(at);
      const inside = ascending(drawn.flatMap(([value, stays]) => (stays ? [value] : [])));
      expect(window.size).toBe(inside.length);
      for (const [nth, value] of inside.entries()) expect(window.nth(nth) === value).toBe(true);
    }),
    { numRuns: 50 },
  );
});

test('the nth of a window and of others is the nth when they are sorted together', () => {
  fc.assert(
    fc.property(
      fc.array(number, { maxLength: 40 }),
      fc.array(number, { maxLength: 40 }),
      (own, others) => {
        const window = new RankedWindow(Float64Array.from(own));
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

test('a sum that all was taken from again is nothing, however large it was', () => {
  const sum = new RunningSum();
  for (const one of [0.1, 1e15, 0.2, 3e-9]) sum.add(one);
  for (const one of [1e15, 0.2, 3e-9]) sum.add(-one);
  expect(sum.value).toBe(0.1);
});
