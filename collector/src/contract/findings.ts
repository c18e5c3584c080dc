/** What detectors found. */
import { z } from 'zod';
import { nanoseconds, runRange, traceId } from './parts.ts';
import { finding, findingKind, findingSeverity, runStatus, waste } from './runs.ts';

export const findingsQuery = z.object(runRange);
export type FindingsQuery = z.infer<typeof findingsQuery>;

/** All findings of one kind in a range. Waste is summed where it is known. */
export const findingGroup = z.object({
  kind: findingKind,
  severity: findingSeverity,
  count: z.int(),
  runCount: z.int(),
  waste,
  /** Most frequent first, at most 8. */
  subjects: z.array(z.object({ subject: z.string(), count: z.int() })),
  workflows: z.array(z.object({ workflow: z.string(), count: z.int() })),
  lastSeenUnixNano: nanoseconds,
});
export type FindingGroup = z.infer<typeof findingGroup>;

export const findingGroups = z.object({
  /** Most wasted money first, then most time. */
  groups: z.array(findingGroup),
  /** Of the range, with and without findings. */
  runCount: z.int(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type FindingGroups = z.infer<typeof findingGroups>;

export const findingListQuery = z.object({
  ...runRange,
  kind: findingKind.optional().describe('Only findings of this kind.'),
  subject: z.string().max(200).optional().describe('Only those about this agent, tool or queue.'),
  sort: z.enum(['start_time', 'waste_usd', 'waste_ms']).default('start_time'),
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Findings a page.'),
  cursor: z.string().max(1200).optional().describe('The nextCursor of the page before.'),
});
export type FindingListQuery = z.infer<typeof findingListQuery>;

export const runFinding = finding.extend({
  runId: z.string(),
  workflow: z.string(),
  rootTraceId: traceId,
  runStatus,
  runStartTimeUnixNano: nanoseconds,
});
export type RunFinding = z.infer<typeof runFinding>;

export const findingList = z.object({
  findings: z.array(runFinding),
  nextCursor: z.string().nullable(),
  from: z.iso.datetime(),
  to: z.iso.datetime(),
});
export type FindingList = z.infer<typeof findingList>;
