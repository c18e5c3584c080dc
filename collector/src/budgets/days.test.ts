import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, daysBetween, lastOfMonth, startOfDayMs, toDay, weekdayOf } from './days.ts';
import { toPeriod } from './period.ts';

const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Pacific/Kiritimati',
  'Pacific/Pago_Pago',
  'Asia/Kolkata',
  // Its clocks change at midnight: some days have none.
  'America/Asuncion',
];

test('a day begins where the day before ends, in every zone and whatever its clocks do', () => {
  const day = fc.date({
    min: new Date('2024-01-01'),
    max: new Date('2027-12-31'),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(day, fc.constantFrom(...zones), (date, zone) => {
      const name = date.toISOString().slice(0, 10);
      const start = startOfDayMs(name, zone);
      expect(toDay(start, zone)).toBe(name);
      expect(toDay(start - 1, zone)).toBe(addDays(name, -1));
    }),
  );
});

test.each([
  ['2026-02-27', 2, '2026-03-01'],
  ['2028-02-28', 1, '2028-02-29'],
  ['2026-01-01', -1, '2025-12-31'],
])('%s and %d days is %s', (day, days, expected) => {
  expect(addDays(day, days)).toBe(expected);
});

test('months end on their last day, leap years too', () => {
  expect(['2026-02-03', '2028-02-03', '2026-12-31'].map(lastOfMonth)).toEqual([
    '2026-02-28',
    '2028-02-29',
    '2026-12-31',
  ]);
  expect(weekdayOf('2026-11-21')).toBe(6);
  expect(daysBetween('2026-11-21', '2026-11-20')).toEqual([]);
});

test('a month is that of the zone of the budget', () => {
  const budget = {
    id: 'b',
    title: 'b',
    filter: '',
    amountUsd: '1',
    period: 'month',
    timeZone: 'America/New_York',
    alertAt: [],
    alertOnForecast: true,
    channels: [],
    owner: '',
    enabled: true,
  } as const;
  // Still October in New York.
  const period = toPeriod(
    { ...budget, alertAt: [], channels: [] },
    Date.parse('2026-11-01T02:00:00Z'),
  );
  expect(period).toMatchObject({
    firstDay: '2026-10-01',
    lastDay: '2026-10-31',
    today: '2026-10-31',
  });
  // Clocks went back that night.
  expect(new Date(period.toMs ?? 0).toISOString()).toBe('2026-11-01T04:00:00.000Z');
});
