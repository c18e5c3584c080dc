/** What an attempt means for a message: the rows that say so. */
import type { AttemptOutcome, AttemptRow } from '../../store/delivery-log.ts';
import type { Attempt } from '../delivery.ts';
import type { Waiting } from './merge-lane.ts';
import { nextAttemptAtMs } from './retry.ts';

/** The channel is gone, and says so. */
const goneStatus = 410;

/** The first row is of the message itself; the others end those that it replaced, once it has its own end. */
export function judgeAttempt(
  { delivery, replaces }: Waiting,
  attempt: Attempt,
  attemptsBefore: number,
  nowMs: number,
): readonly [AttemptRow, ...AttemptRow[]] {
  const { id, projectId, channel } = delivery;
  const attempts = attemptsBefore + 1;
  const nextAtMs = toNextAtMs(id, attempt, attempts, nowMs);
  const row: AttemptRow = {
    projectId,
    channel,
    deliveryId: id,
    atMs: nowMs,
    attempt: attempts,
    outcome: toOutcome(attempt, nextAtMs),
    status: attempt.status,
    message: attempt.outcome === 'delivered' ? '' : attempt.message,
    nextAtMs,
  };
  if (row.outcome === 'failed') return [row];
  return [row, ...replaces.map((replaced) => toSuperseded(row, replaced))];
}

function toNextAtMs(id: string, attempt: Attempt, attempts: number, nowMs: number): number | null {
  if (attempt.outcome !== 'failed' || attempt.status === goneStatus) return null;
  return nextAttemptAtMs(id, attempts, nowMs, attempt.retryAfterMs);
}

function toOutcome({ outcome }: Attempt, nextAtMs: number | null): AttemptOutcome {
  if (outcome === 'delivered') return 'delivered';
  return nextAtMs === null ? 'dead' : 'failed';
}

function toSuperseded(
  { projectId, channel, deliveryId, atMs }: AttemptRow,
  id: string,
): AttemptRow {
  return {
    projectId,
    channel,
    deliveryId: id,
    atMs,
    attempt: 0,
    outcome: 'superseded',
    status: null,
    message: `Told by the message ${deliveryId} instead.`,
    nextAtMs: null,
  };
}
