/** Tells the operator what was refused and why, without a line for every request of a sender that keeps trying. */
import type { Log } from './log.ts';

export const refusalLogIntervalMs = 60_000;

/** Logs the first refusal of a reason at once; later ones are counted and told with the first after a minute. */
export function createRefusalLog(
  log: Pick<Log, 'warn'>,
  now: () => number = Date.now,
): (reason: string, count: number, cause?: unknown) => void {
  // Reasons are our own words, so this stays small.
  const byReason = new Map<string, { toldAt: number; untold: number }>();
  return (reason, count, cause) => {
    const seen = byReason.get(reason);
    const total = (seen?.untold ?? 0) + count;
    if (seen !== undefined && now() - seen.toldAt < refusalLogIntervalMs) {
      seen.untold = total;
      return;
    }
    byReason.set(reason, { toldAt: now(), untold: 0 });
    log.warn('refused', { reason, count: total, ...(cause === undefined ? {} : { error: cause }) });
  };
}
