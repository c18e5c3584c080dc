/** When a rule is looked at. */
import { createHash } from 'node:crypto';
import type { TimedRule } from '../timed-rule.ts';

/** Longer ago than that nobody is served by knowing. */
const backfillMs = 3_600_000;

const shortestMs = 1_000;

/**
 * A part of the interval, always the same for a project: not all of them read at once, and the rules of one do, with one
 * statement and one insert.
 */
export function offsetMs(projectId: string, intervalMs: number): number {
  const hash = createHash('sha256').update(projectId).digest();
  return Math.floor((hash.readUInt32BE(0) / 2 ** 32) * intervalMs);
}

/**
 * Oldest first. After a pause each window of the last hour is caught up on; the latest always, however long the interval.
 * @param lastMs of the last evaluation; null = none yet, so there is nothing to catch up on
 */
export function dueTimes(
  { intervalMs }: TimedRule,
  projectId: string,
  lastMs: number | null,
  nowMs: number,
): number[] {
  const stepMs = Math.max(intervalMs, shortestMs);
  const startMs = offsetMs(projectId, stepMs);
  const latestMs = Math.floor((nowMs - startMs) / stepMs) * stepMs + startMs;
  // Beyond that a step less is the same number, and there would be no end of them.
  if (!Number.isSafeInteger(latestMs)) return [];
  const times: number[] = [];
  const afterMs = lastMs === null ? latestMs - 1 : Math.max(lastMs, nowMs - backfillMs);
  for (let atMs = latestMs; atMs > afterMs; atMs -= stepMs) times.push(atMs);
  if (times.length === 0 && lastMs !== null && latestMs > lastMs) times.push(latestMs);
  return times.reverse();
}
