/**
 * What a period will have cost at its end: what was spent, and for each day that is left the median of the same weekday
 * of the last weeks. Pure, and tried on its own past, so that a reader sees how far it was off.
 */
import { addDays, daysBetween } from './days.ts';

/** USD of whole days that are over. A day without spending is a day of zero. */
export type SpentByDay = ReadonlyMap<string, number>;

export type ForecastInput = {
  readonly spent: SpentByDay;
  /** The first day that anything is known of; days before it are not zero but unknown. */
  readonly firstDay: string;
  readonly today: string;
  /** Until now. */
  readonly spentToday: number;
  readonly periodFrom: string;
  /** The last day of the period. */
  readonly periodTo: string;
};

export type DayForecast = {
  readonly day: string;
  /** Of the whole period until the end of that day. */
  readonly expected: number;
  readonly low: number;
  readonly high: number;
};

export type Forecast = {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
  /** From today to the end of the period. */
  readonly days: readonly DayForecast[];
  readonly error: number | null;
  readonly triedDays: number;
};

/** Same weekdays that the median is of, at most. */
const weeks = 8;
/** Days on which the forecast is tried. */
const triedDays = 28;
/** A normal distribution has 80 % between so many standard deviations. */
const eightyPercent = 1.2816;

export function toForecast(input: ForecastInput): Forecast {
  const { spent, today, spentToday, periodFrom, periodTo, firstDay } = input;
  const yesterday = addDays(today, -1);
  const before = sumOf(spent, daysBetween(periodFrom, yesterday));
  const known = { spent, firstDay, lastDay: yesterday };
  const spread = toSpread(known);
  let expected = before;
  const days = daysBetween(today, periodTo).map((day, at) => {
    const usual = usualOf(known, day);
    expected += day === today ? Math.max(spentToday, usual) : usual;
    // Errors of different days even out: they grow with the root of their number.
    const reach = eightyPercent * spread * Math.sqrt(at + 1);
    const floor = before + spentToday;
    return { day, expected, low: Math.max(floor, expected - reach), high: expected + reach };
  });
  const end = days.at(-1) ?? { expected: before, low: before, high: before };
  const { error, tried } = tryOnPast(known, daysBetween(today, periodTo).length);
  return { expected: end.expected, low: end.low, high: end.high, days, error, triedDays: tried };
}

type Known = {
  readonly spent: SpentByDay;
  readonly firstDay: string;
  readonly lastDay: string;
};

/** Of the same weekday; with fewer than two of them, of any day; with none, nothing. */
function usualOf({ spent, firstDay, lastDay }: Known, day: string): number {
  const sameDays: number[] = [];
  for (let back = 7; back <= 7 * weeks; back += 7) {
    const same = addDays(day, -back);
    if (same >= firstDay && same <= lastDay) sameDays.push(spent.get(same) ?? 0);
  }
  if (sameDays.length >= 2) return median(sameDays);
  const from = addDays(lastDay, 1 - 7 * weeks);
  const all = daysBetween(from < firstDay ? firstDay : from, lastDay);
  return median(all.map((one) => spent.get(one) ?? 0));
}

function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : (upper + (sorted[middle - 1] ?? 0)) / 2;
}

/** How far single days were from what was usual before them, as a standard deviation. */
function toSpread(known: Known): number {
  const misses = pastDays(known).map(
    (day) => (known.spent.get(day) ?? 0) - usualOf(until(known, addDays(day, -1)), day),
  );
  if (misses.length === 0) return 0;
  return Math.sqrt(misses.reduce((sum, miss) => sum + miss * miss, 0) / misses.length);
}

/** Days of the last weeks that have a week of history before them. */
function pastDays({ firstDay, lastDay }: Known): string[] {
  const from = addDays(lastDay, 1 - triedDays);
  const earliest = addDays(firstDay, 7);
  return daysBetween(from < earliest ? earliest : from, lastDay);
}

/** As it was known on the evening of that day. */
const until = ({ spent, firstDay }: Known, lastDay: string): Known => ({
  spent,
  firstDay,
  lastDay,
});

/** The same forecast, made on each of the last days for as many days as are left now, but a week at most. */
function tryOnPast(known: Known, daysLeft: number): { error: number | null; tried: number } {
  const length = Math.min(7, Math.max(1, daysLeft));
  const misses: number[] = [];
  for (const day of pastDays(known)) {
    const last = addDays(day, length - 1);
    if (last > known.lastDay) continue;
    const days = daysBetween(day, last);
    const actual = sumOf(known.spent, days);
    if (actual <= 0) continue;
    const past = until(known, addDays(day, -1));
    const expected = days.reduce((sum, one) => sum + usualOf(past, one), 0);
    misses.push(Math.abs(expected - actual) / actual);
  }
  if (misses.length === 0) return { error: null, tried: 0 };
  return {
    error: misses.reduce((sum, miss) => sum + miss, 0) / misses.length,
    tried: misses.length,
  };
}

function sumOf(spent: SpentByDay, days: readonly string[]): number {
  return days.reduce((sum, day) => sum + (spent.get(day) ?? 0), 0);
}
