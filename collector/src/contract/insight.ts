/** Where time goes, who passes to whom, what protects. */
import { z } from 'zod';
import { nanoseconds, runRange, spanId, usd } from './parts.ts';
import { breakerState } from './runs.ts';

export const criticalPathQuery = z.object(runRange);

/** Of many runs: where their time went, and where that of the slowest went. */
export const criticalPathAnswer = z.object({
  runCount: z.int(),
  p50Ms: z.number().nullable(),
  p95Ms: z.number().nullable(),
  /** Runs at the p95 and beyond. */
  slowRunCount: z.int(),
  shares: z.array(
    z.object({
      kind: z.string(),
      agent: z.string(),
      /** Mean a run, over all runs and over the slow ones. */
      meanMs: z.number(),
      slowMeanMs: z.number(),
      /** Of the duration, 0 to 1. */
      share: z.number(),
      slowShare: z.number(),
      costUsd: usd,
    }),
  ),
  costOnPathUsd: usd,
  costOffPathUsd: usd,
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type CriticalPathAnswer = z.infer<typeof criticalPathAnswer>;

export const handoffsQuery = z.object(runRange);

export const handoffEdge = z.object({
  from: z.string(),
  to: z.string(),
  count: z.int(),
  accepted: z.int(),
  refused: z.int(),
  failed: z.int(),
  pending: z.int(),
  /** Of those that are decided; null when none is. */
  success: z.number().nullable(),
  latencyP50Ms: z.number().nullable(),
  latencyP95Ms: z.number().nullable(),
  contextTokensP50: z.number().nullable(),
  contextTokensP95: z.number().nullable(),
  /** The newest that did not succeed, else the newest. */
  exampleRunId: z.string(),
});
export type HandoffEdge = z.infer<typeof handoffEdge>;

export const handoffMatrix = z.object({
  /** Most first. */
  edges: z.array(handoffEdge),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type HandoffMatrix = z.infer<typeof handoffMatrix>;

export const timelineQuery = z.object(runRange);

export const breakerTimelines = z.object({
  breakers: z.array(
    z.object({
      breaker: z.string(),
      opens: z.int(),
      /** After the last transition. */
      state: breakerState,
      /** In the order they happened, at most the last 500. */
      transitions: z.array(
        z.object({ state: breakerState, timeUnixNano: nanoseconds, runId: z.string(), spanId }),
      ),
    }),
  ),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type BreakerTimelines = z.infer<typeof breakerTimelines>;

export const queueTimelines = z.object({
  stepSeconds: z.number(),
  times: z.array(z.iso.datetime()),
  queues: z.array(
    z.object({
      queue: z.string(),
      taken: z.array(z.int()),
      failed: z.array(z.int()),
      waitP50Ms: z.array(z.number().nullable()),
      waitP95Ms: z.array(z.number().nullable()),
      /** From the sender's gauge, the last of each window; null where none was sent. */
      depth: z.array(z.number().nullable()),
    }),
  ),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type QueueTimelines = z.infer<typeof queueTimelines>;
