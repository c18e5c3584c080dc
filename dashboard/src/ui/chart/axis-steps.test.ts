import { expect, test } from 'vitest';
import { arrowStep, roundTo, timeTicks, valueRange, valueSteps } from './axis-steps.ts';

test('steps rise, and those of durations are whole seconds, minutes, hours', () => {
  for (const unit of ['ms', 's', 'share', 'usd']) {
    const steps = valueSteps(unit);
    expect(steps.toSorted((left, right) => left - right)).toEqual(steps);
  }
  expect(valueSteps('ms')).toContain(15_000);
  expect(valueSteps('ms')).not.toContain(50_000);
  expect(valueSteps('s')).toContain(900);
});

test.each([
  [20_000, 'ms', 100],
  [0.11, 'share', 0.001],
  [3.3, 'count', 0.02],
])('over a range of %s %s an arrow moves by %s', (range, unit, step) => {
  expect(arrowStep(range, unit)).toBeCloseTo(step, 12);
});

test('rounding leaves no noise behind', () => {
  expect(roundTo(0.1034, 0.001)).toBe(0.103);
  expect(roundTo(15_049, 100)).toBe(15_000);
});

test('ticks name the day where one begins', () => {
  const midnight = new Date(2026, 10, 21).getTime();
  expect(timeTicks([midnight, midnight + 6 * 3_600_000], 6 * 3_600_000)).toEqual([
    '21 Nov',
    '06:00',
  ]);
  expect(timeTicks([midnight + 61_000], 1_000)).toEqual(['00:01:01']);
});

test('a scale begins at zero and has room above what is drawn', () => {
  const [from, to] = valueRange([4, null, 10], 'count');
  expect(from).toBe(0);
  expect(to).toBeCloseTo(11, 9);
  expect(valueRange([], 'ms')).toEqual([0, 1]);
  expect(valueRange([null, 0.99], 'share')[1]).toBeLessThanOrEqual(1.02);
  expect(valueRange([2.5], 'share')[1]).toBeGreaterThan(2.5);
  expect(valueRange([-5, 5], 'usd')[0]).toBeLessThan(-5);
});
