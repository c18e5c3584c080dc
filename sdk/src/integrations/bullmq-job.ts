import type { Attributes } from '@opentelemetry/api';
import { eventAttributes, orchescope } from '../attributes.ts';
import type { Facts } from '../facts.ts';
import { at, numberAt, told } from './json.ts';
import type { FailedAttempt } from './queue-attempts.ts';

/** A job as BullMQ gives it to listeners and processors. */
export type Job = {
  readonly id?: string | undefined;
  readonly name: string;
  readonly opts: object;
  /** Attempts that are over. */
  readonly attemptsMade: number;
  readonly timestamp: number;
  readonly delay?: number | undefined;
  readonly processedOn?: number | undefined;
  readonly finishedOn?: number | undefined;
  /** Of a job that a schedule makes again and again. */
  readonly repeatJobKey?: string | undefined;
};

export const metadataOf = (job: Job): unknown => at(job.opts, 'telemetry', 'metadata');

/** What a job says of the attempt that begins. How long it waited for it is known to who saw the one before. */
export const factsOf = (job: Job, before: FailedAttempt | undefined): Partial<Facts['process']> => {
  const firstMs = job.timestamp + (numberAt(job.opts, 'delay') ?? 0);
  // Held back on purpose is not waiting.
  const sinceMs = job.attemptsMade === 0 ? firstMs : before?.readyMs;
  const queuedMs =
    sinceMs === undefined ? undefined : Math.max(0, (job.processedOn ?? Date.now()) - sinceMs);
  return told({ messageId: job.id, attempt: job.attemptsMade + 1, queuedMs });
};

/** What a job that is added was asked to do. */
export const wishesOf = (job: Job): Attributes => {
  const delayMs = numberAt(job.opts, 'delay');
  const priority = numberAt(job.opts, 'priority');
  return {
    ...(delayMs && { [orchescope.queueDelay]: delayMs / 1000 }),
    ...(priority && { [eventAttributes.queue.priority]: priority }),
  };
};

export const attemptsAtMost = (job: Job): number | undefined => numberAt(job.opts, 'attempts');
