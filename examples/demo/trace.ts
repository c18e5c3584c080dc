import type { Random } from './random.ts';
import type { Attributes, Value } from './otlp.ts';

/**
 * A trace told in virtual time: bodies run at once, `wait` moves the clock, a span ends where its body left the clock.
 *
 *     trace.span({ name: 'step fetch' }, () => trace.wait(120));
 */
export type Trace = {
  readonly traceId: string;
  /** Unix milliseconds of the virtual clock. */
  now(): number;
  wait(durationMs: number): void;
  span<R>(spec: SpanSpec, body: (span: OpenSpan) => R): R;
  /** Every branch starts now; the clock goes on from the end of the longest. */
  parallel(branches: readonly (() => void)[]): void;
  /** In order of start. */
  readonly spans: RecordedSpan[];
};

export type SpanSpec = {
  readonly name: string;
  /** OTLP span kind; internal unless said. */
  readonly otelKind?: number;
  readonly attributes?: Attributes;
  readonly links?: readonly Link[];
  /** Spans below inherit it. */
  readonly service?: string;
};

export type SpanRef = { readonly traceId: string; readonly spanId: string };
export type Link = { readonly to: SpanRef; readonly rel: string };

export type OpenSpan = SpanRef & {
  set(attributes: Attributes): void;
  event(name: string, attributes: Attributes): void;
  fail(errorType: string, message: string): void;
  link(to: SpanRef, rel: string): void;
  /** The span keeps no end, and so do its ancestors: their work has not come back. */
  leaveRunning(): void;
};

export type RecordedSpan = {
  spanId: string;
  parentSpanId: string;
  name: string;
  otelKind: number;
  startMs: number;
  endMs: number;
  /** Sent without its end; `endMs` is then where it would have ended. */
  running: boolean;
  service: string;
  /** A Map, so that hostile names such as `__proto__` stay names. */
  attributes: Map<string, Value>;
  events: { name: string; timeMs: number; attributes: Attributes }[];
  links: Link[];
  status: 'unset' | 'error';
  statusMessage: string;
};

export function createTrace(random: Random, options: { startMs: number; service: string }): Trace {
  const traceId = random.hex(16);
  const spans: RecordedSpan[] = [];
  const open: RecordedSpan[] = [];
  let clockMs = options.startMs;
  return {
    traceId,
    spans,
    now: () => clockMs,
    wait: (durationMs) => {
      clockMs += durationMs;
    },
    span: (spec, body) => {
      const parent = open.at(-1);
      const span = record(spec, random.hex(8), parent, clockMs, options.service);
      spans.push(span);
      open.push(span);
      const result = body(toOpenSpan(traceId, span, open, () => clockMs));
      span.endMs = clockMs;
      open.pop();
      return result;
    },
    parallel: (branches) => {
      const startMs = clockMs;
      let endMs = clockMs;
      for (const branch of branches) {
        clockMs = startMs;
        branch();
        endMs = Math.max(endMs, clockMs);
      }
      clockMs = endMs;
    },
  };
}

function record(
  spec: SpanSpec,
  spanId: string,
  parent: RecordedSpan | undefined,
  startMs: number,
  service: string,
): RecordedSpan {
  return {
    spanId,
    parentSpanId: parent?.spanId ?? '',
    name: spec.name,
    otelKind: spec.otelKind ?? 1,
    startMs,
    endMs: startMs,
    running: false,
    service: spec.service ?? parent?.service ?? service,
    attributes: new Map(Object.entries(spec.attributes ?? {})),
    events: [],
    links: [...(spec.links ?? [])],
    status: 'unset',
    statusMessage: '',
  };
}

function toOpenSpan(
  traceId: string,
  span: RecordedSpan,
  open: readonly RecordedSpan[],
  now: () => number,
): OpenSpan {
  const ancestors = [...open];
  return {
    traceId,
    spanId: span.spanId,
    set: (attributes) => {
      for (const [key, value] of Object.entries(attributes)) span.attributes.set(key, value);
    },
    event: (name, attributes) => {
      span.events.push({ name, timeMs: now(), attributes });
    },
    fail: (errorType, message) => {
      span.status = 'error';
      span.statusMessage = message;
      span.attributes.set('error.type', errorType);
    },
    link: (to, rel) => {
      span.links.push({ to, rel });
    },
    leaveRunning: () => {
      for (const each of ancestors) each.running = true;
    },
  };
}
