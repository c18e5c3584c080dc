import { expect, test } from 'vitest';
import { describeRange, fromLocalInput, toLocalInput, toMs } from './time-range.ts';

const now = Date.UTC(2026, 10, 21, 12);

test.each([
  ['now', now],
  ['now-15m', now - 900_000],
  ['now-7d', now - 604_800_000],
  ['2026-11-21T10:00:00Z', Date.UTC(2026, 10, 21, 10)],
  ['yesterday-ish', null],
])('%s stands for %s', (expression, ms) => {
  expect(toMs(expression, now)).toBe(ms);
});

test.each([
  ['now-24h', 'now', 'Last 24 hours'],
  ['now-3d', 'now', 'Last 3 d'],
  ['nonsense', 'now', 'nonsense to now'],
  ['now-2h', 'now-1h', 'now-2h to now-1h'],
])('%s to %s reads "%s"', (from, to, text) => {
  expect(describeRange(from, to)).toBe(text);
});

test('a range of fixed times names both', () => {
  const from = new Date(2026, 10, 20, 9, 5).toISOString();
  const to = new Date(2026, 10, 21, 10, 0).toISOString();
  expect(describeRange(from, to)).toBe('20 Nov, 09:05 to 21 Nov, 10:00');
});

test('what the browser asks for comes back to the second', () => {
  expect(Date.parse(fromLocalInput(toLocalInput(now)) ?? '')).toBe(now);
  expect(fromLocalInput('')).toBeNull();
});
