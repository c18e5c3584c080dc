/** Calendar days as text, `2026-11-21`: arithmetic on them knows no hours, so no change of clocks can break it. */

const dayMs = 86_400_000;

/** The day that it is somewhere. @param timeZone IANA name, checked before */
export function toDay(unixMs: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(unixMs);
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayMs).toISOString().slice(0, 10);
}

/** From the first up to the last, both included. */
export function daysBetween(first: string, last: string): string[] {
  const days: string[] = [];
  for (let day = first; day <= last; day = addDays(day, 1)) days.push(day);
  return days;
}

/** 0 = Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay();
}

export function firstOfMonth(day: string): string {
  return `${day.slice(0, 8)}01`;
}

export function lastOfMonth(day: string): string {
  const [year = 0, month = 1] = day.split('-').map(Number);
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}

/** When a day begins somewhere. Where its midnight does not exist, what comes right after it. */
export function startOfDayMs(day: string, timeZone: string): number {
  const noon = Date.parse(`${day}T12:00:00Z`);
  // Zones are at most 14 hours away from UTC: midnight there is within these quarters of an hour.
  const quarterMs = 900_000;
  for (let at = noon - 104 * quarterMs; at <= noon + 8 * quarterMs; at += quarterMs) {
    if (toDay(at, timeZone) === day) return at;
  }
  return Date.parse(`${day}T00:00:00Z`);
}
