import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Attributes = Readonly<Record<string, unknown>>;

export type ReceivedSpan = {
  readonly name: string;
  readonly scope: string;
  readonly attributes: Attributes;
  readonly spanId: string;
  readonly parentSpanId: string | undefined;
  readonly events: readonly { readonly name: string; readonly attributes: Attributes }[];
};

export type Receiver = {
  readonly url: string;
  readonly paths: readonly string[];
  /** Those of traces alone. */
  readonly tracePaths: () => readonly string[];
  readonly spans: readonly ReceivedSpan[];
  /** `service.name` of each request. */
  readonly services: readonly string[];
  readonly close: () => Promise<void>;
};

type KeyValue = { key: string; value: Record<string, unknown> };
type SentSpan = {
  name: string;
  attributes: KeyValue[];
  spanId: string;
  parentSpanId?: string;
  events?: { name: string; attributes: KeyValue[] }[];
};
type Body = {
  resourceSpans: {
    resource: { attributes: KeyValue[] };
    scopeSpans: { scope: { name: string }; spans: SentSpan[] }[];
  }[];
};

/** A small OTLP/HTTP receiver for JSON that keeps what it got. */
export const startReceiver = async (): Promise<Receiver> => {
  const paths: string[] = [];
  const spans: ReceivedSpan[] = [];
  const services: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    paths.push(request.url ?? '');
    const body = JSON.parse(Buffer.concat(chunks).toString()) as Partial<Body>;
    for (const { resource, scopeSpans } of body.resourceSpans ?? []) {
      services.push(String(toRecord(resource.attributes)['service.name']));
      for (const { scope, spans: sent } of scopeSpans)
        for (const span of sent) spans.push(toReceived(scope.name, span));
    }
    response.setHeader('content-type', 'application/json').end('{}');
  });
  const listening = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', listening.resolve);
  await listening.promise;
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => {
    const closed = Promise.withResolvers<void>();
    server.close(() => closed.resolve());
    server.closeAllConnections();
    return closed.promise;
  };
  const tracePaths = () => paths.filter((path) => path !== '/v1/metrics');
  return { url: `http://127.0.0.1:${port}`, paths, tracePaths, spans, services, close };
};

const toReceived = (scope: string, span: SentSpan): ReceivedSpan => ({
  name: span.name,
  scope,
  attributes: toRecord(span.attributes),
  spanId: span.spanId,
  parentSpanId: span.parentSpanId,
  events: (span.events ?? []).map(({ name, attributes }) => ({
    name,
    attributes: toRecord(attributes),
  })),
});

const toRecord = (attributes: readonly KeyValue[]): Record<string, unknown> =>
  Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
