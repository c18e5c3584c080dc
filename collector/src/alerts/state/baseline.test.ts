import { expect, test } from 'vitest';
import { alertCondition } from '../../contract.ts';
import { toBaseline, type HourValue } from './baseline.ts';

const hourMs = 3_600_000;
/** Start of an hour, so that the hour before it is the last that is over. */
const nowMs = 500_000 * hourMs;

const hour = (hoursAgo: number, value: number | null, samples = 50): HourValue => ({
  atMs: nowMs - hoursAgo * hourMs,
  value,
  samples,
});
const hoursAgo = (from: number, to: number, value: number): HourValue[] =>
  Array.from({ length: to - from + 1 }, (_, index) => hour(from + index, value));

function relative(given: object): Parameters<typeof toBaseline>[0] {
  const condition = alertCondition.parse(given);
  if (condition.type === 'ratio' || condition.type === 'seasonal') return condition;
  throw new Error(`${condition.type} knows no past`);
}
const ratio = relative({ type: 'ratio', alert: 2 });
const seasonal = relative({ type: 'seasonal' });
const known = (median: number, deviation = 0) => ({ state: 'known', median, deviation });

test.each([
  ['the median of the hours', [...hoursAgo(1, 24, 10), ...hoursAgo(25, 30, 90)], known(10)],
  [
    'between the two in the middle',
    [...hoursAgo(1, 12, 10), ...hoursAgo(13, 24, 20)],
    known(15, 5),
  ],
  ['of too few hours nothing is known', hoursAgo(1, 23, 10), { state: 'learning', hours: 23 }],
  ['of no hours nothing is known', [], { state: 'learning', hours: 0 }],
  ['an hour that goes on does not count', hoursAgo(0, 23, 10), { state: 'learning', hours: 23 }],
  ['older hours do not count', hoursAgo(150, 180, 10), { state: 'learning', hours: 19 }],
  [
    'hours of few samples do not count',
    [
      ...hoursAgo(1, 24, 10),
      ...hoursAgo(1, 24, 90).map(({ atMs, value }) => ({ atMs, value, samples: 19 })),
    ],
    known(10),
  ],
  [
    'hours without a number do not count',
    [...hoursAgo(1, 24, 10), hour(25, null), hour(26, Number.NaN), hour(27, Infinity)],
    known(10),
  ],
  [
    'huge values have a median',
    [...hoursAgo(1, 12, 1.7e308), ...hoursAgo(13, 24, 1.7e308)],
    known(1.7e308),
  ],
])('ratio: %s', (_, hours, baseline) => {
  expect(toBaseline(ratio, hours, nowMs, 20, [])).toEqual(baseline);
});

test('ratio: a bad night does not become what is usual', () => {
  const night = { startedAtMs: nowMs - 40 * hourMs + 1, endedAtMs: nowMs - 9.5 * hourMs };
  const hours = [...hoursAgo(1, 9, 10), ...hoursAgo(10, 40, 90), ...hoursAgo(41, 60, 10)];
  expect(toBaseline(ratio, hours, nowMs, 20, [])).toEqual(known(90));
  expect(toBaseline(ratio, hours, nowMs, 20, [night])).toEqual(known(10));
});

test('ratio: an episode that goes on leaves out all that is after its start', () => {
  const open = { startedAtMs: nowMs - 30 * hourMs, endedAtMs: null };
  const hours = [...hoursAgo(1, 30, 90), ...hoursAgo(31, 60, 10)];
  expect(toBaseline(ratio, hours, nowMs, 20, [open])).toEqual(known(10));
});

test('ratio: the same all through an hour', () => {
  const hours = [...hoursAgo(1, 100, 10), ...hoursAgo(101, 168, 90), hour(0, 1_000)];
  const first = toBaseline(ratio, hours, nowMs, 20, []);
  expect(toBaseline(ratio, hours, nowMs + hourMs - 1, 20, [])).toEqual(first);
});

const sameHour = (weeks: number, value: number): HourValue => hour(weeks * 168, value);

test.each([
  ['the same hour of the week', [sameHour(1, 10), sameHour(2, 12), sameHour(3, 20)], known(12, 2)],
  [
    'no more weeks than were asked for',
    [sameHour(1, 10), sameHour(2, 12), sameHour(3, 20), sameHour(5, 900)],
    known(12, 2),
  ],
  [
    'no other hour',
    [sameHour(1, 10), sameHour(2, 12), sameHour(3, 20), ...hoursAgo(1, 100, 900)],
    known(12, 2),
  ],
  [
    'until three weeks are known the last week as a whole',
    [sameHour(1, 10), sameHour(2, 12), ...hoursAgo(1, 100, 900)],
    known(900),
  ],
  [
    'and of less than a day nothing',
    [sameHour(1, 10), ...hoursAgo(1, 20, 900)],
    { state: 'learning', hours: 21 },
  ],
])('seasonal: %s', (_, hours, baseline) => {
  expect(toBaseline(seasonal, hours, nowMs + 1_000, 20, [])).toEqual(baseline);
});
