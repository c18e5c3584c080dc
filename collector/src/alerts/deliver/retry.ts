/** When a message that did not arrive is sent again. */
import { createHash } from 'node:crypto';

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

/** Before the first attempt, before the second, and so on: three days in all. */
const waitsMs = [
  0,
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
] as const;

/** A channel that asks for more is tried all the same: its clock may be wrong, and people wait. */
const longestRetryAfterMs = hourMs;

/**
 * Null = no more.
 * @param attempts made so far
 * @param retryAfterMs that the channel asked for
 */
export function nextAttemptAtMs(
  id: string,
  attempts: number,
  nowMs: number,
  retryAfterMs: number | null,
): number | null {
  const waitMs = waitsMs[attempts];
  if (waitMs === undefined) return null;
  // What failed together need not come again together.
  const jitterMs = Math.floor((waitMs / 10) * toFraction(`${id} ${attempts}`));
  return nowMs + Math.max(waitMs + jitterMs, boundRetryAfter(retryAfterMs));
}

/** 0 when nothing was asked for. */
export function boundRetryAfter(retryAfterMs: number | null): number {
  return Math.min(Math.max(retryAfterMs ?? 0, 0), longestRetryAfterMs);
}

/** The same of the same text: at least 0, and below 1. */
function toFraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE() / 2 ** 32;
}
