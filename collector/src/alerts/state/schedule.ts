/** When a rule is looked at. */
import { createHash } from 'node:crypto';
import type { TimedRule } from '../timed-rule.ts';

/** Longer ago than that nobody is served by knowing. */
const backfillMs = 3_600_000;

const shortestMs = 1_000;

/** At most a tenth of the interval, always the same for a rule: not all rules read at once. */
export function jitterMs(projectId: string, ruleId: string, intervalMs: number): number {
  const hash = createHash('sha256')
    .update(JSON.stringify([projectId, ruleId]))
    .digest();
  return Math.floor((hash.readUInt32BE(0) / 2 ** 32) * (intervalMs / 10));
}

/**
 * Oldest first. After a pause each window of the last hour is caught up on; the latest always, however long the interval.
 * @param lastMs of the last evaluation; null = none yet, so there is nothing to catch up on
 */
export function dueTimes(
  { rule, intervalMs }: TimedRule,
  projectId: string,
  lastMs: number | null,
  nowMs: number,
): number[] {
  const stepMs = Math.max(intervalMs, shortestMs);
  const offsetMs = jitterMs(projectId, rule.id, stepMs);
  const latestMs = Math.floor((nowMs - offsetMs) / stepMs) * stepMs + offsetMs;
  // Beyond that a step less is the same number, and there would be no end of them.
  if (!Number.isSafeInteger(latestMs)) return [];
  const times: number[] = [];
  const afterMs = lastMs === null ? latestMs - 1 : Math.max(lastMs, nowMs - backfillMs);
  for (let atMs = latestMs; atMs > afterMs; atMs -= stepMs) times.push(atMs);
  if (times.length === 0 && lastMs !== null && latestMs > lastMs) times.push(latestMs);
  return times.reverse();
}
