import type { Random } from './random.ts';
import {
  toKeyValues,
  toUnixNano,
  type Attributes,
  type OtlpSpan,
  type ResourceSpans,
  type TraceRequest,
  type Value,
} from './otlp.ts';

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

export type RequestOptions = {
  readonly scope: string;
  /** Every span of a request counts, whatever trace it is of. */
  readonly spansPerRequest: number;
};

/** As an exporter would send them: in order of end, the running ones last, in requests of bounded size. */
export function toRequests(traces: readonly Trace[], options: RequestOptions): TraceRequest[] {
  const spans = traces
    .flatMap((trace) => trace.spans.map((span) => ({ traceId: trace.traceId, span })))
    .sort((a, b) => Number(a.span.running) - Number(b.span.running) || a.span.endMs - b.span.endMs);
  const requests: TraceRequest[] = [];
  for (let at = 0; at < spans.length; at += options.spansPerRequest) {
    requests.push(toRequest(spans.slice(at, at + options.spansPerRequest), options.scope));
  }
  return requests;
}

function toRequest(
  batch: readonly { traceId: string; span: RecordedSpan }[],
  scope: string,
): TraceRequest {
  const byService = new Map<string, OtlpSpan[]>();
  for (const { traceId, span } of batch) {
    const list = byService.get(span.service) ?? [];
    byService.set(span.service, list);
    list.push(toOtlpSpan(traceId, span));
  }
  return {
    resourceSpans: Array.from(byService, ([service, spans]) =>
      toResourceSpans(service, scope, spans),
    ),
  };
}

/** An empty service name is left out, as a sender without one does. */
function toResourceSpans(service: string, scope: string, spans: OtlpSpan[]): ResourceSpans {
  const attributes: [string, Value][] = service === '' ? [] : [['service.name', service]];
  return {
    resource: { attributes: toKeyValues(attributes) },
    scopeSpans: [{ scope: { name: scope, version: '1.0.0' }, spans }],
  };
}

function toOtlpSpan(traceId: string, span: RecordedSpan): OtlpSpan {
  return {
    traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    name: span.name,
    kind: span.otelKind,
    startTimeUnixNano: toUnixNano(span.startMs),
    endTimeUnixNano: span.running ? '0' : toUnixNano(span.endMs),
    attributes: toKeyValues(span.attributes),
    events: span.events.map((event) => ({
      name: event.name,
      timeUnixNano: toUnixNano(event.timeMs),
      attributes: toKeyValues(Object.entries(event.attributes)),
    })),
    links: span.links.map(({ to, rel }) => ({
      traceId: to.traceId,
      spanId: to.spanId,
      attributes: toKeyValues([['orchescope.link.rel', rel]]),
    })),
    status: span.status === 'error' ? { code: 2, message: span.statusMessage } : { code: 0 },
  };
}
