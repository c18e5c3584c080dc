/** Hostile bodies: whatever is sent, the answer is 200 or 400, and what reaches the sink is canonical. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spanKinds, spanStatuses, type Span } from '../span.ts';
import { encode, type Json } from './encode.testing.ts';
import { fixtureNames, readFixture } from './fixtures.testing.ts';
import { encodings, post, request, startIngest, type Body } from './ingest.testing.ts';
import { decodeJson } from './otlp/decode-json.ts';
import { decodeProtobuf } from './otlp/decode-protobuf.ts';
import type { Encoding } from './replies.ts';
import { maxAttributes, maxContentBytes } from './to-span/limits.ts';

const uint64 = 2n ** 64n;

/** What is not canonical about a span; empty when all is well. */
function faultsOf(span: Span): string[] {
  const times = [span.startTimeUnixNano, span.endTimeUnixNano];
  const counts = [...Object.values(span.usage), span.attempt, span.loopIteration];
  const rules: Record<string, boolean> = {
    traceId: /^[0-9a-f]{32}$/.test(span.traceId),
    spanId: /^[0-9a-f]{16}$/.test(span.spanId),
    parentSpanId: /^([0-9a-f]{16})?$/.test(span.parentSpanId),
    kind: spanKinds.includes(span.kind),
    status: spanStatuses.includes(span.status),
    otelKind: [0, 1, 2, 3, 4, 5].includes(span.otelKind),
    times: times.every((time) => time >= 0n && time < uint64),
    costUsd: /^\d+(\.\d{1,12})?$/.test(span.costUsd ?? '0'),
    counts: counts.every((n) => n === null || (Number.isInteger(n) && n >= 0)),
    attributes: span.attributes.size <= maxAttributes + 1,
    content: span.content.every(({ body }) => Buffer.byteLength(body) <= maxContentBytes * 6),
    flat: span.content.every(({ format, body }) => format !== 'flat' || isJson(body)),
  };
  return Object.keys(rules).filter((rule) => rules[rule] === false);
}

function isJson(body: string): boolean {
  try {
    JSON.parse(body);
    return true;
  } catch {
    return false;
  }
}

/** What is wrong with how a body was answered; empty when all is well. */
async function send(body: Body, encoding: Encoding): Promise<string[]> {
  const ingest = startIngest();
  const { status } = await post(ingest, body, { 'content-type': encoding });
  const isAnswer = status === 200 || (status === 400 && ingest.spans.length === 0);
  return [...(isAnswer ? [] : [`status ${status}`]), ...ingest.spans.flatMap(faultsOf)];
}

type Mutation = {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
  readonly repeat: boolean;
};

/** Cuts, overwrites, repeats or inserts a few bytes somewhere. */
const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(8),
  insert: fc.uint8Array({ maxLength: 12 }),
  repeat: fc.boolean(),
});

function mutate(body: Buffer, mutations: readonly Mutation[]): Buffer {
  return mutations.reduce((bytes, { at, remove, insert, repeat }) => {
    const start = Math.floor(at * bytes.length);
    const again = repeat ? bytes.subarray(start, start + 64) : Buffer.alloc(0);
    return Buffer.concat([bytes.subarray(0, start), again, insert, bytes.subarray(start + remove)]);
  }, body);
}

describe.each(encodings)('%s', (encoding) => {
  const bodies = fixtureNames
    .filter((name) => !name.includes('langgraph'))
    .map((name) => Buffer.from(encode(readFixture(name), encoding)));

  test('mutated bodies never crash, hang, or give spans that are not canonical', async () => {
    const arbitrary = fc.tuple(
      fc.constantFrom(...bodies),
      fc.array(mutation, { minLength: 1, maxLength: 6 }),
    );
    await fc.assert(
      fc.asyncProperty(arbitrary, async ([body, mutations]) => {
        const mutated = new Uint8Array(mutate(body, mutations));
        expect(await send(mutated, encoding)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });

  test('bytes that nobody meant are answered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (bytes) => {
        expect(await send(new Uint8Array(bytes), encoding)).toEqual([]);
      }),
      { numRuns: 400 },
    );
  });
});

test('any JSON is answered', async () => {
  const field = fc.constantFrom(
    'resourceSpans',
    'scopeSpans',
    'spans',
    'attributes',
    'value',
    '__proto__',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 6 },
      fc.jsonValue({ maxDepth: 1 }),
      fc.array(tie('tree'), { maxLength: 3 }),
      fc.dictionary(field, tie('tree'), { maxKeys: 3 }),
    ),
  }));
  await fc.assert(
    fc.asyncProperty(tree, async (json) => {
      expect(await send(JSON.stringify(json) ?? '', 'application/json')).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

const hex = (bytes: number) =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((id) => Buffer.from(id).toString('hex'));
const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const time = fc.bigInt({ min: 0n, max: uint64 - 1n }).map(String);
const count = fc.nat(2 ** 31 - 1);

/** AnyValue in the JSON form both encodings are made from. */
const { anyValue } = fc.letrec<{ anyValue: Json; pairs: Json[] }>((tie) => ({
  anyValue: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'value' },
    fc.record({ stringValue: text }),
    fc.record({ boolValue: fc.boolean() }),
    fc.record({ intValue: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String) }),
    // JSON has no -0, NaN or infinity; those have tests of their own.
    fc.record({
      doubleValue: fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => n + 0),
    }),
    fc.record({
      bytesValue: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')),
    }),
    fc.constant({}),
    fc.record({ arrayValue: fc.record({ values: fc.array(tie('anyValue'), { maxLength: 3 }) }) }),
    fc.record({ kvlistValue: fc.record({ values: tie('pairs') }) }),
  ),
  pairs: fc.array(
    fc.record({ key: fc.oneof(text, fc.constant('__proto__')), value: tie('anyValue') }),
    {
      maxLength: 3,
    },
  ),
}));
const attributes = fc.array(fc.record({ key: text, value: anyValue }), { maxLength: 4 });

const anySpan = fc.record({
  traceId: hex(16),
  spanId: hex(8),
  parentSpanId: fc.oneof(fc.constant(''), hex(8)),
  traceState: text,
  flags: fc.nat(2 ** 32 - 1),
  name: text,
  kind: fc.nat(9),
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  attributes,
  droppedAttributesCount: count,
  events: fc.array(
    fc.record({ name: text, timeUnixNano: time, attributes, droppedAttributesCount: count }),
    {
      maxLength: 2,
    },
  ),
  droppedEventsCount: count,
  links: fc.array(
    fc.record({ traceId: hex(16), spanId: hex(8), attributes, droppedAttributesCount: count }),
    {
      maxLength: 2,
    },
  ),
  droppedLinksCount: count,
  status: fc.record({ code: fc.nat(3), message: text }),
});

test('a request means the same in both encodings, whatever is in it', () => {
  fc.assert(
    fc.property(fc.array(anySpan, { maxLength: 3 }), (spans) => {
      const whole = request(spans);
      const fromJson = decodeJson(Buffer.from(encode(whole, 'application/json')));
      const fromProtobuf = decodeProtobuf(Buffer.from(encode(whole, 'application/x-protobuf')));
      expect(fromProtobuf).toEqual(fromJson);
      const [decoded] = fromJson.resourceSpans[0]?.scopeSpans[0]?.spans ?? [];
      const [sent] = spans;
      expect(decoded?.startTimeUnixNano).toBe(sent && BigInt(sent.startTimeUnixNano));
      expect(decoded?.attributes.size).toBe(
        sent && new Set(sent.attributes.map(({ key }) => key)).size,
      );
    }),
    { numRuns: 300 },
  );
});
