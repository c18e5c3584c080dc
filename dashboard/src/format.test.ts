import { expect, test } from 'vitest';
import {
  formatAgo,
  formatBytes,
  formatCount,
  formatDuration,
  formatExactTime,
  formatTime,
  formatUsd,
  plural,
  toEpochMs,
} from './format.ts';

test.each([
  [null, '–'],
  [Number.NaN, '–'],
  [0, '0 ms'],
  [0.0005, '500 ns'],
  [0.0045, '4.5 us'],
  [0.812, '812 us'],
  [0.9996, '1 ms'],
  [1, '1 ms'],
  [12.34, '12.3 ms'],
  [812, '812 ms'],
  [999.6, '1 s'],
  [4213, '4.21 s'],
  [42_800, '42.8 s'],
  [59_999, '1 m'],
  [192_000, '3 m 12 s'],
  [3_599_900, '1 h'],
  [7_500_000, '2 h 5 m'],
  [218_160_000, '2 d 13 h'],
  [-1500, '-1.5 s'],
])('%d ms reads %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test.each([
  [null, '–'],
  ['0', '$0'],
  ['0.00000042', '<$0.000001'],
  ['0.000001', '$0.000001'],
  ['0.0000093', '$0.0000093'],
  ['0.004213', '$0.0042'],
  ['0.00999', '$0.010'],
  ['0.031', '$0.031'],
  ['0.184', '$0.18'],
  ['12.4', '$12.40'],
  ['1204.49', '$1,204'],
  ['-0.5', '-$0.50'],
])('%s USD reads %s', (usd, text) => {
  expect(formatUsd(usd)).toBe(text);
});

test.each([
  [null, '–'],
  [0, '0'],
  [999, '999'],
  [61_234, '61.2k'],
  [4_100_000, '4.1M'],
])('%d reads %s', (count, text) => {
  expect(formatCount(count)).toBe(text);
});

test.each([
  [null, '–'],
  [12, '12 B'],
  [1_500, '1.5 kB'],
  [2_345_678, '2.35 MB'],
])('%d bytes read %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});

test('nanoseconds since the epoch keep their microseconds', () => {
  expect(toEpochMs('1795255200123456789')).toBeCloseTo(1_795_255_200_123.4568, 3);
});

const now = new Date(2026, 10, 21, 12, 0, 0).getTime();

test.each([
  ['today is a clock time', new Date(2026, 10, 21, 10, 42, 7), '10:42:07'],
  ['this year needs the day', new Date(2026, 10, 20, 10, 42, 7), '20 Nov 10:42:07'],
  ['another year needs the year', new Date(2025, 10, 20, 10, 42, 7), '20 Nov 2025 10:42:07'],
])('%s', (_, date, text) => {
  expect(formatTime(date.getTime(), now)).toBe(text);
});

test('exact times carry milliseconds', () => {
  expect(formatExactTime(new Date(2026, 0, 2, 3, 4, 5, 6).getTime())).toBe(
    '2026-01-02 03:04:05.006',
  );
});

test.each([
  [-5, 'just now'],
  [10, 'just now'],
  [46, '1 min ago'],
  [240, '4 min ago'],
  [10_800, '3 h ago'],
  [172_800, '2 d ago'],
])('%d seconds back is %s', (seconds, text) => {
  expect(formatAgo(now - seconds * 1000, now)).toBe(text);
});

test('one span is not "1 spans"', () => {
  expect([plural(1, 'span', 'spans'), plural(1200, 'span', 'spans')]).toEqual([
    '1 span',
    '1,200 spans',
  ]);
});
