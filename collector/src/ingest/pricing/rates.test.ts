import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { toCostNumber, toTextCost, type Rate, type Rates } from './rates.ts';

/** Whole trillionths for a token, as lists have them, and what no list has. */
const wholePrice = fc.nat(100_000_000).map((n) => BigInt(n) * 1_000_000n);
const anyPrice = fc.bigInt({ min: 0n, max: 10n ** 15n });

function ratesOf(price: fc.Arbitrary<bigint>): fc.Arbitrary<Rates> {
  const rate: fc.Arbitrary<Rate> = fc.record({
    base: price,
    tiers: fc
      .array(fc.record({ above: fc.nat(300_000), rate: price }), { maxLength: 2 })
      .map((tiers) => tiers.toSorted((a, b) => a.above - b.above)),
  });
  const maybe = fc.option(rate, { freq: 4 });
  return fc.record({
    input: maybe,
    output: maybe,
    cacheRead: maybe,
    cacheWrite: maybe,
    cacheWrite1h: maybe,
    reasoning: maybe,
    inputAudio: maybe,
    cacheReadAudio: maybe,
    outputAudio: maybe,
    inputImage: maybe,
    cacheReadImage: maybe,
    outputImage: maybe,
    request: fc.nat(10_000_000).map(BigInt),
    tools: fc.constant(new Map()),
    hour: fc.constant(null),
  });
}

const rates = fc.oneof(
  { weight: 5, arbitrary: ratesOf(wholePrice) },
  { weight: 1, arbitrary: ratesOf(anyPrice) },
);
const tokens = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 9, arbitrary: fc.nat(200_000) },
  { weight: 1, arbitrary: fc.maxSafeNat() },
);
const buckets = fc.record({
  inputUncached: tokens,
  cacheRead: tokens,
  cacheWrite: tokens,
  cacheWrite1h: tokens,
  output: tokens,
  reasoning: tokens,
});

test('numbers say what big integers say, or nothing', () => {
  let said = 0;
  fc.assert(
    fc.property(buckets, rates, (counts, prices) => {
      const number = toCostNumber(counts, prices);
      if (number === undefined) return;
      said += 1;
      expect(number === null ? null : BigInt(number)).toBe(toTextCost(counts, prices));
    }),
    { numRuns: 3_000 },
  );
  expect(said).toBeGreaterThan(100);
});
