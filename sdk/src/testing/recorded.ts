import { SpanStatusCode, type HrTime } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { orchescope } from '../attributes.ts';

type Attributes = Readonly<Record<string, unknown>>;

/** Something that happened on a span. Ours are called `orchescope.<type>`. */
export type RecordedEvent = { readonly name: string; readonly attributes: Attributes };

export type RecordedLink = {
  readonly traceId: string;
  readonly spanId: string;
  /** What the linked span is to this one: `retries`, `fan_in`, `resumes` and so on. */
  readonly rel: string | undefined;
};

/** An ended span, as plain data. */
export type RecordedSpan = {
  readonly name: string;
  /** `workflow`, `agent`, `tool` ...; undefined for spans of libraries that do not say. */
  readonly kind: string | undefined;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly scope: string;
  readonly attributes: Attributes;
  readonly events: readonly RecordedEvent[];
  readonly links: readonly RecordedLink[];
  readonly status: 'unset' | 'ok' | 'error';
  readonly message: string | undefined;
  readonly durationMs: number;
};

/** One series of a metric: its labels and what was measured. */
export type RecordedPoint = { readonly attributes: Attributes; readonly value: unknown };

const statuses = {
  [SpanStatusCode.UNSET]: 'unset',
  [SpanStatusCode.OK]: 'ok',
  [SpanStatusCode.ERROR]: 'error',
} as const;

export const toRecordedSpan = (span: ReadableSpan): RecordedSpan => {
  const { traceId, spanId } = span.spanContext();
  const kind = span.attributes[orchescope.kind];
  return {
    name: span.name,
    kind: typeof kind === 'string' ? kind : undefined,
    traceId,
    spanId,
    parentSpanId: span.parentSpanContext?.spanId,
    scope: span.instrumentationScope.name,
    attributes: { ...span.attributes },
    events: span.events.map(({ name, attributes }) => ({ name, attributes: { ...attributes } })),
    links: span.links.map(({ context, attributes }) => ({
      traceId: context.traceId,
      spanId: context.spanId,
      rel: attributes?.[orchescope.linkRel] as string | undefined,
    })),
    status: statuses[span.status.code],
    message: span.status.message,
    durationMs: toMs(span.duration),
  };
};

const toMs = ([seconds, nanos]: HrTime): number => seconds * 1000 + nanos / 1e6;
