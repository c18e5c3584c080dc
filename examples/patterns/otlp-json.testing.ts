import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orchescope } from '@orchescope/sdk/attributes';
import type { RecordedPoint, RecordedSpan } from '@orchescope/sdk/testing';

type Value = {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  readonly intValue?: number | string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly Value[] };
};
type Named = { readonly attributes?: readonly { readonly key: string; readonly value: Value }[] };
type WireSpan = Named & {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly startTimeUnixNano: string;
  readonly status: { readonly code: 0 | 1 | 2; readonly message?: string };
  readonly events?: readonly (Named & { readonly name: string })[];
  readonly links?: readonly (Named & { readonly traceId: string; readonly spanId: string })[];
};
type WirePoint = Named & {
  readonly startTimeUnixNano: string;
  readonly asInt?: number | string;
  readonly asDouble?: number;
  readonly count?: number | string;
  readonly sum?: number;
};
type WireMetric = { readonly name: string } & {
  readonly [type in 'sum' | 'gauge' | 'histogram' | 'exponentialHistogram']?: {
    readonly dataPoints: readonly WirePoint[];
  };
};
type Body = {
  readonly resourceSpans?: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly WireSpan[] }[];
  }[];
  readonly resourceMetrics?: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly WireMetric[] }[];
  }[];
};

const toValue = (value: Value): unknown =>
  value.arrayValue
    ? value.arrayValue.values.map(toValue)
    : (value.stringValue ?? value.boolValue ?? value.doubleValue ?? Number(value.intValue));

const toAttributes = ({ attributes = [] }: Named): Readonly<Record<string, unknown>> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, toValue(value)]));

const statuses = ['unset', 'ok', 'error'] as const;

function toRecordedSpan(span: WireSpan): RecordedSpan {
  const attributes = toAttributes(span);
  return {
    name: span.name,
    kind: attributes[orchescope.kind] as string | undefined,
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    scope: '',
    attributes,
    events: (span.events ?? []).map((event) => ({
      name: event.name,
      attributes: toAttributes(event),
    })),
    links: (span.links ?? []).map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      rel: toAttributes(link)[orchescope.linkRel] as string | undefined,
    })),
    status: statuses[span.status.code],
    message: span.status.message,
    durationMs: 0,
  };
}

/** Parents first. Starts are whole milliseconds: siblings that began in the same one come in the order they ended. */
function inOrder(spans: readonly WireSpan[]): readonly WireSpan[] {
  const byStart = spans.toSorted((a, b) =>
    Number(BigInt(a.startTimeUnixNano) - BigInt(b.startTimeUnixNano)),
  );
  const known = new Set(spans.map(({ spanId }) => spanId));
  const withChildren = (span: WireSpan): readonly WireSpan[] => [
    span,
    ...byStart.filter(({ parentSpanId }) => parentSpanId === span.spanId).flatMap(withChildren),
  ];
  return byStart.filter(({ parentSpanId }) => !known.has(parentSpanId ?? '')).flatMap(withChildren);
}

const toRecordedPoint = (point: WirePoint): RecordedPoint => ({
  attributes: toAttributes(point),
  value:
    point.count === undefined
      ? Number(point.asInt ?? point.asDouble)
      : { count: Number(point.count), sum: point.sum },
});

/** Receives OTLP as JSON from whatever processes a test starts, and tells it as a recording would. */
export async function startOtlpJson() {
  const spans: WireSpan[] = [];
  // A process sends running totals: the last one counts. Each process has a start time of its own.
  const points = new Map<string, { readonly metric: string; readonly point: WirePoint }>();
  const take = ({ resourceSpans = [], resourceMetrics = [] }: Body) => {
    for (const { scopeSpans } of resourceSpans)
      for (const scope of scopeSpans) spans.push(...scope.spans);
    for (const { name, ...data } of resourceMetrics
      .flatMap(({ scopeMetrics }) => scopeMetrics)
      .flatMap(({ metrics }) => metrics))
      for (const point of Object.values(data).flatMap(({ dataPoints = [] }) => dataPoints))
        points.set(JSON.stringify([name, point.startTimeUnixNano, point.attributes]), {
          metric: name,
          point,
        });
  };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    take(JSON.parse(Buffer.concat(chunks).toString()) as Body);
    response.setHeader('content-type', 'application/json').end('{}');
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    spans: (): readonly RecordedSpan[] => inOrder(spans).map(toRecordedSpan),
    metrics: (): ReadonlyMap<string, readonly RecordedPoint[]> =>
      new Map(
        [...Map.groupBy(points.values(), ({ metric }) => metric)].map(([metric, own]) => [
          metric,
          own.map(({ point }) => toRecordedPoint(point)),
        ]),
      ),
    stop: (): void => {
      server.close();
      server.closeAllConnections();
    },
  };
}
