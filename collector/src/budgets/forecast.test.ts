import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, daysBetween, weekdayOf } from './days.ts';
import { toForecast, type ForecastInput } from './forecast.ts';

const today = '2026-11-21';

/** Every day since the first of September at what `spend` says. */
function input(
  spend: (day: string) => number,
  changes: Partial<ForecastInput> = {},
): ForecastInput {
  const firstDay = '2026-09-01';
  return {
    spent: new Map(daysBetween(firstDay, addDays(today, -1)).map((day) => [day, spend(day)])),
    firstDay,
    today,
    spentToday: 0,
    periodFrom: '2026-11-01',
    periodTo: '2026-11-30',
    ...changes,
  };
}

test('what is the same every day is expected to stay so, without a band', () => {
  const forecast = toForecast(input(() => 10));
  expect(forecast).toMatchObject({ expected: 300, low: 300, high: 300, error: 0 });
  expect(forecast.triedDays).toBeGreaterThan(14);
});

test('weekends are expected to be like weekends', () => {
  const isWeekend = (day: string): boolean => weekdayOf(day) % 6 === 0;
  const spend = (day: string): number => (isWeekend(day) ? 1 : 20);
  const whole = daysBetween('2026-11-01', '2026-11-30').reduce((sum, day) => sum + spend(day), 0);
  expect(toForecast(input(spend)).expected).toBe(whole);
});

test('today counts as spent as soon as it is more than usual', () => {
  expect(toForecast(input(() => 10, { spentToday: 100 })).expected).toBe(390);
  expect(toForecast(input(() => 10, { spentToday: 4 })).expected).toBe(300);
});

test('one dear day does not move the forecast, but widens its band', () => {
  const forecast = toForecast(input((day) => (day === '2026-11-17' ? 500 : 10)));
  expect(forecast.expected).toBe(790);
  expect(forecast.high).toBeGreaterThan(forecast.expected + 50);
  expect(forecast.error).toBeGreaterThan(0);
});

test('without history nothing is made up', () => {
  const none = { spent: new Map<string, number>(), firstDay: today };
  expect(toForecast(input(() => 0, { ...none, spentToday: 3 }))).toMatchObject({
    expected: 3,
    error: null,
    triedDays: 0,
  });
});

test('whatever was spent, the band holds the forecast and never falls below what is spent', () => {
  const amounts = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), {
    minLength: 1,
    maxLength: 90,
  });
  fc.assert(
    fc.property(amounts, fc.double({ min: 0, max: 1e6, noNaN: true }), (values, spentToday) => {
      const firstDay = addDays(today, -values.length);
      const spent = new Map(values.map((value, at) => [addDays(firstDay, at), value]));
      const forecast = toForecast(input(() => 0, { spent, firstDay, spentToday }));
      const sofar = daysBetween('2026-11-01', addDays(today, -1)).reduce(
        (sum, day) => sum + (spent.get(day) ?? 0),
        spentToday,
      );
      for (const { low, expected, high } of forecast.days) {
        expect(low).toBeGreaterThanOrEqual(sofar - 1e-3);
        expect(low).toBeLessThanOrEqual(high + 1e-3);
        expect(expected).toBeLessThanOrEqual(high + 1e-3);
        expect(expected).toBeGreaterThanOrEqual(sofar - 1e-3);
      }
    }),
  );
});
