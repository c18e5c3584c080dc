import { assert, double, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { ruleOf } from './play.testing.ts';
import { dueTimes, offsetMs } from './schedule.ts';

const now = 1_700_000_000_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test('a rule that was never evaluated is due once, at the latest time of its grid', () => {
  const [time, ...more] = dueTimes(ruleOf(), 'default', null, now);
  expect(more).toEqual([]);
  expect(now - (time ?? 0)).toBeLessThan(minuteMs);
  expect(dueTimes(ruleOf(), 'default', null, now + hourMs)[0]).toBe((time ?? 0) + hourMs);
});

test('a rule that was just evaluated is not due', () => {
  const [time = 0] = dueTimes(ruleOf(), 'default', null, now);
  expect(dueTimes(ruleOf(), 'default', time, time + minuteMs - 1)).toEqual([]);
  expect(dueTimes(ruleOf(), 'default', time, time + minuteMs)).toEqual([time + minuteMs]);
});

test.each([
  ['a few windows that were missed are caught up on', '1m', 5 * minuteMs, 5],
  ['at most an hour is caught up on', '1m', 48 * hourMs, 60],
  ['the latest is evaluated however long the interval', '6h', 48 * hourMs, 1],
])('%s', (_, interval, awayMs, count) => {
  const timed = ruleOf({ interval });
  const [last = 0] = dueTimes(timed, 'default', null, now);
  const times = dueTimes(timed, 'default', last, last + awayMs);
  expect(times).toHaveLength(count);
  expect(times.at(-1)).toBe(last + awayMs);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

test('a clock that was put back makes nothing due', () => {
  expect(dueTimes(ruleOf(), 'default', now, now - hourMs)).toEqual([]);
});

test('an interval of nothing is one of a second', () => {
  expect(dueTimes(ruleOf({ interval: '0s' }), 'default', now - 10_000, now)).toHaveLength(10);
});

test('rules of a project are due together, and projects are spread over the interval', () => {
  const offsets = Array.from({ length: 200 }, (_, id) => offsetMs(`project-${id}`, minuteMs));
  expect(Math.max(...offsets)).toBeLessThan(minuteMs);
  expect(Math.max(...offsets) - Math.min(...offsets)).toBeGreaterThan(0.9 * minuteMs);
  expect(offsetMs('project-1', minuteMs)).toBe(offsets[1]);
  const [one, other] = ['a', 'b'].map((id) => dueTimes(ruleOf({ id }), 'default', null, now));
  expect(one).toEqual(other);
});

test('any clock has an answer of at most an hour', () => {
  assert(
    property(double(), integer({ min: 1, max: 90 }), (clock, minutes) => {
      const times = dueTimes(ruleOf({ interval: `${minutes}m` }), 'default', 0, clock);
      expect(times.length).toBeLessThanOrEqual(61);
    }),
  );
});
