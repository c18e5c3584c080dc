import { expect, test } from 'vitest';
import { toIso, toUnixNano } from './time-range.ts';

const now = 1_795_000_000_123_456_789n;

test.each([
  ['now', now],
  ['now-15m', now - 900_000_000_000n],
  ['now-2w', now - 1_209_600_000_000_000n],
  ['1970-01-01T00:00Z', 0n],
  ['2026-11-18T11:06:40Z', 1_795_000_000_000_000_000n],
  ['2026-11-18T11:06:40.000000001Z', 1_795_000_000_000_000_001n],
  ['2026-02-30T00:00:00Z', null],
  ['1969-12-31T23:59:59Z', null],
])('%s', (expression, expected) => {
  expect(toUnixNano(expression, now)).toBe(expected);
});

test('a moment is shown to the millisecond', () => {
  expect(toIso(now)).toBe('2026-11-18T11:06:40.123Z');
});
