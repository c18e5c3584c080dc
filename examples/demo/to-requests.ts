import {
  toKeyValues,
  toUnixNano,
  type OtlpSpan,
  type ResourceSpans,
  type TraceRequest,
  type Value,
} from './otlp.ts';
import type { RecordedSpan, Trace } from './trace.ts';

type RequestOptions = {
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
