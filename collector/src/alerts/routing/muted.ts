/** Whether it is a time at which nobody wants to be told, by the clock on the wall of the zone. */
import type { MuteTiming } from '../../contract.ts';

type Interval = MuteTiming['intervals'][number];
type Day = { readonly year: number; readonly month: number; readonly day: number };
type LocalTime = Day & { readonly minute: number };

/** Null, or a sentence that says what to change. */
export function checkTimeZone(timeZone: string): string | null {
  return toFormat(timeZone) === null
    ? `There is no time zone ${JSON.stringify(timeZone)}. Write the name of one such as Europe/Berlin, America/New_York or UTC.`
    : null;
}

/** In any of its intervals. A zone that does not exist mutes nothing: rather a message too many than one too few. */
export function isMuted({ timeZone, intervals }: MuteTiming, atMs: number): boolean {
  const local = toLocalTime(timeZone, atMs);
  return local !== null && intervals.some((interval) => holds(interval, local));
}

/** What goes on after midnight belongs to the day it began on: Friday from 22:00 to 06:00 ends on Saturday. */
function holds(interval: Interval, local: LocalTime): boolean {
  const from = toMinute(interval.from);
  const to = toMinute(interval.to);
  const { minute } = local;
  if (from <= to) return from <= minute && minute < to && isDay(interval, local);
  if (minute >= from) return isDay(interval, local);
  return minute < to && isDay(interval, toDayBefore(local));
}

function isDay({ weekdays, days, months }: Interval, { year, month, day }: Day): boolean {
  const isAny = (list: readonly unknown[]): boolean => list.length === 0;
  const weekday = weekdayNames[new Date(Date.UTC(year, month - 1, day)).getUTCDay()];
  const monthLength = new Date(Date.UTC(year, month, 0)).getUTCDate();
  return (
    (isAny(weekdays) || weekdays.some((name) => name === weekday)) &&
    (isAny(days) || days.includes(day) || days.includes(day - monthLength - 1)) &&
    (isAny(months) || months.includes(month))
  );
}

const weekdayNames = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

function toMinute(clockTime: string): number {
  const [hour, minute] = clockTime.split(':').map(Number);
  return (hour ?? 0) * 60 + (minute ?? 0);
}

/** By the calendar, not 24 hours earlier: days have 23 and 25. */
function toDayBefore({ year, month, day }: Day): Day {
  const date = new Date(Date.UTC(year, month - 1, day - 1));
  return {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
  };
}

function toLocalTime(timeZone: string, atMs: number): LocalTime | null {
  const parts = toFormat(timeZone)?.formatToParts(atMs);
  if (parts === undefined) return null;
  const read = (type: string): number => Number(parts.find((part) => part.type === type)?.value);
  return {
    year: read('year'),
    month: read('month'),
    day: read('day'),
    minute: read('hour') * 60 + read('minute'),
  };
}

/** Making one costs more than all else here; there are some hundred zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function toFormat(timeZone: string): Intl.DateTimeFormat | null {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  try {
    const format = new Intl.DateTimeFormat('en-US-u-ca-gregory-nu-latn', {
      timeZone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
    });
    formats.set(timeZone, format);
    return format;
  } catch {
    return null; // A RangeError: no such zone.
  }
}
