/** Which days are over, and long enough so that what came late is there: in UTC, the oldest first. */
const dayMs = 86_400_000;

/** Files of days before are not written any more. */
const mostDays = 35;

/** @param afterMidnightMs when the day before is due */
export function toDueDays(nowMs: number, afterMidnightMs: number): string[] {
  const last = Math.floor((nowMs - afterMidnightMs) / dayMs) - 1;
  return Array.from({ length: mostDays }, (_, at) => toDay(last - mostDays + 1 + at));
}

/** Milliseconds until another day is due. */
export function toNextDueMs(nowMs: number, afterMidnightMs: number): number {
  return dayMs - ((((nowMs - afterMidnightMs) % dayMs) + dayMs) % dayMs);
}

function toDay(daysSinceEpoch: number): string {
  return new Date(daysSinceEpoch * dayMs).toISOString().slice(0, 10);
}
