import { TraceFlags, type SpanContext } from '@opentelemetry/api';
import { at } from './json.ts';
import type { MastraRecord } from './mastra-record.ts';
import type { MastraStart } from './mastra-spans.ts';

/** A span that Mastra names by its ids, when it names one. */
export const linkedIds = (traceId: unknown, spanId: unknown): SpanContext | undefined =>
  typeof traceId === 'string' && typeof spanId === 'string'
    ? { traceId, spanId, traceFlags: TraceFlags.SAMPLED }
    : undefined;

/** The span that a score is about. */
export const scoredIds = (metadata: unknown): SpanContext | undefined =>
  linkedIds(at(metadata, 'targetTraceId'), at(metadata, 'targetSpanId'));

/** An agent is resumed from its generation, which has no span: its id leads to the agent's. */
export const resumedIds = (start: MastraStart, options: object): SpanContext | undefined => {
  const from = linkedIds(at(options, 'traceId'), at(options, 'parentSpanId'));
  if (!from || start.type !== 'agent_run') return from;
  return { ...from, spanId: flipped(from.spanId) };
};

/** Each generation has the id of what it stands in with all bits flipped: found again in any process. */
export const plumbingId = (parent: MastraRecord | undefined, type: string): string =>
  type === 'model_generation' && parent?.op && parent.below.get(type) === 1
    ? flipped(parent.id)
    : crypto.randomUUID().replaceAll('-', '').slice(0, 16);

const flipped = (id: string): string =>
  id.replaceAll(/[\da-f]/g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16));
