/** Which time a budget is for, now. */
import type { Budget } from '../contract.ts';
import { addDays, firstOfMonth, lastOfMonth, startOfDayMs, toDay } from './days.ts';

export type Period = {
  readonly fromMs: number;
  /** null of a trailing window. */
  readonly toMs: number | null;
  readonly firstDay: string;
  /** null of a trailing window. */
  readonly lastDay: string | null;
  readonly today: string;
};

const dayMs = 86_400_000;

export function toPeriod({ period, timeZone }: Budget, nowMs: number): Period {
  const today = toDay(nowMs, timeZone);
  if (period !== 'month') {
    const fromMs = nowMs - Number(period.slice(0, -1)) * dayMs;
    return { fromMs, toMs: null, firstDay: toDay(fromMs, timeZone), lastDay: null, today };
  }
  const [firstDay, lastDay] = [firstOfMonth(today), lastOfMonth(today)];
  return {
    fromMs: startOfDayMs(firstDay, timeZone),
    toMs: startOfDayMs(addDays(lastDay, 1), timeZone),
    firstDay,
    lastDay,
    today,
  };
}
