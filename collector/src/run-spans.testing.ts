/** Spans for tests of analysis: written tersely, or taken from what a sender sent. */
import { createHash } from 'node:crypto';
import {
  analysedAttributes,
  compareRunSpans,
  unreadAttributes,
  type RunSpan,
  type RunSpans,
} from './run-span.ts';
import type { Attributes, AttributeValue, Span } from './span.ts';
import { toTrillionths } from './store/decimal-usd.ts';

/** Times are milliseconds since the first span; ids are any short words. */
export type Sketch = Partial<
  Omit<RunSpan, 'spanId' | 'parentSpanId' | 'startNs' | 'endNs' | 'attributes' | 'events' | 'links'>
> & {
  readonly id: string;
  readonly parent?: string;
  readonly at?: number;
  /** undefined = 1 ms after the start; null = running. */
  readonly until?: number | null;
  readonly attributes?: Readonly<Record<string, AttributeValue>>;
  readonly events?: readonly {
    readonly name: string;
    readonly at: number;
    readonly attributes?: Readonly<Record<string, AttributeValue>>;
  }[];
  readonly links?: readonly {
    readonly to: string;
    readonly trace?: string;
    readonly rel: string;
  }[];
};

/** 2026-11-21T10:00:00Z. */
export const testBaseUnixNano = 1_795_255_200_000_000_000n;

const ms = 1_000_000;

export function sketchSpans(
  sketches: readonly Sketch[],
  { baseUnixNano = testBaseUnixNano, leftOut = 0 } = {},
): RunSpans {
  const spans = sketches.map(sketchSpan);
  return { baseUnixNano, spans: inOrder(spans), leftOut };
}

function sketchSpan(sketch: Sketch): RunSpan {
  const { id, parent = '', at = 0, until, attributes, events = [], links = [], ...rest } = sketch;
  const traceId = toTestTraceId(rest.traceId ?? 'trace');
  return {
    ...plainSpan,
    name: id,
    ...rest,
    traceId,
    spanId: toTestSpanId(id),
    parentSpanId: parent === '' ? '' : toTestSpanId(parent),
    startNs: at * ms,
    endNs: until === null ? null : (until ?? at + 1) * ms,
    attributes: new Map(Object.entries(attributes ?? {})),
    events: events.map(({ name, at, attributes }) => ({
      name,
      timeNs: at * ms,
      attributes: new Map(Object.entries(attributes ?? {})),
    })),
    links: links.map(({ to, trace, rel }) => ({
      traceId: trace === undefined ? traceId : toTestTraceId(trace),
      spanId: toTestSpanId(to),
      rel,
    })),
  };
}

const plainSpan: Omit<RunSpan, 'traceId' | 'spanId' | 'parentSpanId' | 'startNs' | 'endNs'> = {
  name: '',
  kind: 'other',
  rawKind: '',
  dialect: 'orchescope',
  otelKind: 1,
  status: 'unset',
  statusMessage: '',
  errorType: '',
  flags: 0,
  serviceName: 'shop',
  serviceVersion: '',
  environment: '',
  runId: '',
  workflowName: '',
  agentName: '',
  toolName: '',
  toolCallId: '',
  conversationId: '',
  userId: '',
  provider: '',
  model: '',
  responseId: '',
  finishReasons: [],
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
  costTrillionths: null,
  costSource: 'none',
  computedTrillionths: null,
  priceMatch: 'none',
  timeToFirstChunk: null,
  attempt: 0,
  loopIteration: 0,
  stepIndex: -1,
  handoffFrom: '',
  handoffTo: '',
  attributes: new Map(),
  events: [],
  links: [],
  digests: [],
};

/** The same word is the same id in every test. */
export function toTestSpanId(word: string): string {
  return createHash('sha256').update(word).digest('hex').slice(0, 16);
}

export function toTestTraceId(word: string): string {
  return createHash('sha256').update(`trace ${word}`).digest('hex').slice(0, 32);
}

/** What the store would read of these spans for analysis; hashes of content are others than the store's. */
export function toRunSpans(spans: readonly Span[]): RunSpans {
  const base = spans.reduce(
    (least, { startTimeUnixNano: start }) => (least === null || start < least ? start : least),
    null as bigint | null,
  );
  const baseUnixNano = base ?? 0n;
  return {
    baseUnixNano,
    spans: inOrder(spans.map((span) => toRunSpan(span, baseUnixNano))),
    leftOut: 0,
  };
}

export function toRunSpan(span: Span, baseUnixNano: bigint): RunSpan {
  const { startTimeUnixNano: start, endTimeUnixNano: end } = span;
  const all = { ...span, ...span.usage };
  const kept = Object.keys(plainSpan).map((name) => [name, all[name as keyof typeof all]]);
  return {
    ...(Object.fromEntries(kept) as typeof plainSpan),
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    startNs: Number(start - baseUnixNano),
    endNs: end === 0n ? null : Number((end < start ? start : end) - baseUnixNano),
    serviceVersion: textOf(span.resourceAttributes, 'service.version'),
    environment:
      textOf(span.resourceAttributes, 'deployment.environment.name') ||
      textOf(span.resourceAttributes, 'deployment.environment'),
    model: span.modelAnswered || span.modelRequested,
    costTrillionths: span.costUsd === null ? null : toTrillionths(span.costUsd),
    costSource: span.costSource,
    computedTrillionths: span.computedCostUsd === null ? null : toTrillionths(span.computedCostUsd),
    priceMatch: span.priceMatch,
    attributes: new Map([...span.attributes].filter(([key]) => isAnalysed(key))),
    events: span.events
      .filter(({ name }) => name === 'exception' || name.startsWith('orchescope.'))
      .map(({ name, timeUnixNano, attributes }) => ({
        name,
        timeNs: Number(timeUnixNano - baseUnixNano),
        attributes,
      })),
    links: span.links.map(({ traceId, spanId, rel }) => ({ traceId, spanId, rel })),
    digests: span.content.map(({ slot, body }) => ({ slot, hash: toTestHash(body) })),
  };
}

function isAnalysed(key: string): boolean {
  if (unreadAttributes.includes(key)) return false;
  return key.startsWith('orchescope.') || analysedAttributes.includes(key);
}

export function toTestHash(body: string): number {
  return createHash('sha256').update(body).digest().readUInt32LE(0);
}

function textOf(attributes: Attributes, key: string): string {
  const value = attributes.get(key);
  return typeof value === 'string' ? value : '';
}

function inOrder(spans: readonly RunSpan[]): RunSpan[] {
  return [...spans].sort(compareRunSpans);
}
