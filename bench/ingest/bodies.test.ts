import { expect, test } from 'vitest';
import { gunzipSync } from 'node:zlib';
import { decodeJson } from '../../collector/src/ingest/otlp/decode-json.ts';
import { decodeProtobuf } from '../../collector/src/ingest/otlp/decode-protobuf.testing.ts';
import { createBodies } from './bodies.ts';
import { corpusNames, spansPerRequest } from './corpus.ts';

const endUnixMs = Date.UTC(2026, 10, 21, 12);

const idsOf = (bodies: readonly Buffer[]): string[] =>
  bodies.flatMap((body) =>
    decodeProtobuf(body).resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans.map(({ traceId, spanId }) => `${traceId} ${spanId}`)),
    ),
  );

test.each([
  ['heavy', 3_600],
  ['light', 1_000],
] as const)(
  'a span of the %s corpus is about %i bytes, and has about 25 attributes',
  (corpus, size) => {
    const [body = Buffer.alloc(0)] = createBodies({ corpus, count: 1, endUnixMs }).bytes;
    expect(Math.abs(body.length / spansPerRequest / size - 1)).toBeLessThan(0.1);
    const spans = decodeProtobuf(body).resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap((scope) => scope.spans),
    );
    const attributes = spans.reduce((sum, span) => sum + span.attributes.size, 0) / spans.length;
    expect(Math.round(attributes)).toBe(corpus === 'heavy' ? 26 : 24);
    const withEvent = spans.filter((span) => span.events.length > 0).length / spans.length;
    expect(Math.abs(withEvent - 0.13)).toBeLessThan(0.04);
  },
);

test.each(corpusNames)('no two spans of the %s corpus have the same ids', (corpus) => {
  const ids = idsOf(createBodies({ corpus, count: 20, endUnixMs }).bytes);
  expect(new Set(ids).size).toBe(20 * spansPerRequest);
});

test('the same bytes again, packed or not', () => {
  const options = { corpus: 'light', count: 9, endUnixMs } as const;
  const plain = createBodies(options).bytes;
  expect(createBodies(options).bytes).toEqual(plain);
  const packed = createBodies({ ...options, isGzip: true }).bytes;
  expect(packed.map((body) => gunzipSync(body))).toEqual(plain);
});

test('JSON tells the same spans', () => {
  const options = { corpus: 'light', count: 2, endUnixMs } as const;
  const toSpans = (request: ReturnType<typeof decodeJson>) =>
    request.resourceSpans.flatMap(({ scopeSpans }) =>
      scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, flags: 0 }))),
    );
  const json = createBodies({ ...options, format: 'json' }).bytes;
  const protobuf = createBodies(options).bytes;
  expect(json.map((body) => toSpans(decodeJson(body)))).toEqual(
    protobuf.map((body) => toSpans(decodeProtobuf(body))),
  );
});
