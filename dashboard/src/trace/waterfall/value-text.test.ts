import { expect, test } from 'vitest';
import { createTimeScale, ticksOf } from './layout/time-scale.ts';
import { shareText, tickText } from './value-text.ts';

const second = 1e9;

test.each([
  [0, second, '0'],
  [1500e6, 500e6, '1.5 s'],
  [250e3, 50e3, '250 us'],
  [20 * second, 5 * second, '20 s'],
  [180 * second, 60 * second, '3 m'],
  [1364 * second, 2 * second, '22:44'],
  [1364.5 * second, 0.5 * second, '22:44.5'],
  [12_005 * second, 5 * second, '3:20:05'],
  [12_000 * second, 300 * second, '3 h 20 m'],
  [41 * 3600 * second, 3600 * second, '41 h'],
  [215_700 * second, 300 * second, '59 h 55 m'],
  [5 * 86_400 * second, 86_400 * second, '5 d'],
  [-2 * second, second, '-2 s'],
])('%d ns among ticks %d ns apart reads %s', (ns, stepNs, expected) => {
  expect(tickText(ns, stepNs)).toBe(expected);
});

test.each([
  ['a second late in a week', 500_000e9, 500_001e9],
  ['a millisecond after an hour', 3_600e9, 3_600.001e9],
  ['sixty hours', 0, 216_000e9],
  ['a microsecond', 5, 1005],
])('no two ticks of %s read the same', (_sentence, start, end) => {
  const ticks = ticksOf(createTimeScale({ start, end }, 1000, null), 90);
  const step = (ticks[1]?.time ?? 0) - (ticks[0]?.time ?? 0);
  const texts = ticks.map(({ time }) => tickText(time, step));
  expect(new Set(texts).size).toBe(texts.length);
});

test('a share that is there is never 0 %', () => {
  expect([shareText(0, 10), shareText(1, 1000), shareText(61, 100), shareText(1, 0)]).toEqual([
    '0 %',
    '<1 %',
    '61 %',
    '0 %',
  ]);
});
