import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { nextAttemptAtMs } from './retry.ts';

const hourMs = 3_600_000;

test('waits grow from seconds to a day, and end after ten attempts', () => {
  const seconds = Array.from({ length: 11 }, (_, attempts) => {
    const atMs = nextAttemptAtMs('id', attempts, 0, null);
    return atMs === null ? null : Math.round(atMs / 1_000);
  });
  expect(seconds).toMatchInlineSnapshot(`
    [
      0,
      5,
      324,
      1836,
      7697,
      19526,
      36363,
      51745,
      75789,
      89128,
      null,
    ]
  `);
});

test('a wait is its own or up to a tenth more, and the same each time', () => {
  const waits = [0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
  fc.assert(
    fc.property(fc.string(), fc.nat({ max: 9 }), fc.nat(), (id, attempts, nowMs) => {
      const atMs = nextAttemptAtMs(id, attempts, nowMs, null) ?? -1;
      const waitMs = (waits[attempts] ?? 0) * 1_000;
      expect(atMs - nowMs).toBeGreaterThanOrEqual(waitMs);
      expect(atMs - nowMs).toBeLessThanOrEqual(waitMs * 1.1);
      expect(nextAttemptAtMs(id, attempts, nowMs, null)).toBe(atMs);
    }),
  );
});

test.each([
  ['longer than the wait is done', 120_000, 120_000],
  ['longer than an hour is an hour', 7 * 24 * hourMs, hourMs],
  ['shorter than the wait is not', 1_000, null],
  ['a negative one is none', -1_000, null],
])('what a channel asks for: %s', (_, retryAfterMs, expected) => {
  const own = nextAttemptAtMs('id', 1, 0, null);
  expect(nextAttemptAtMs('id', 1, 0, retryAfterMs)).toBe(expected ?? own);
});
