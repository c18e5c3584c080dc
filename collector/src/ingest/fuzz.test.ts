/** Hostile bodies: whatever is sent is taken or refused in good order, and what is taken is canonical. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import * as fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { encode, type Json } from './encode.testing.ts';
import { anyJson, anyProtobuf, bodiesOf, crashes, mutated } from './fuzz-bodies.testing.ts';
import { findFaults, throughRoutes, toColumns, type FuzzTarget } from './fuzz-target.testing.ts';
import { encodings, request } from './ingest.testing.ts';
import { decodeJson } from './otlp/decode-json.ts';
import { decodeProtobuf } from './otlp/decode-protobuf.testing.ts';
import type { Encoding } from './replies.ts';

const uint64 = 2n ** 64n;
const mebibyte = 1024 * 1024;

const targets: readonly (readonly [string, FuzzTarget])[] = [
  ['into columns', toColumns],
  ['through the routes', throughRoutes],
];
/** The same bodies each time, and others each time; fast-check tells the seed of a failure. */
const seeds: readonly (readonly [string, number])[] = [
  ['a fixed seed', 20_251_121],
  ['a new seed', Date.now() % 2 ** 31],
];
/** Of each of the sixteen runs below: 8 seconds in all, and 80 with ORCHESCOPE_LONG=1. */
const runMs = process.env['ORCHESCOPE_LONG'] === '1' ? 5_000 : 500;

let heapBefore = 0;
beforeAll(async () => {
  // Once through everything first: what is cached for good is no growth.
  for (const { body, encoding } of crashes) await findFaults(toColumns, body, encoding);
  heapBefore = heapBytes();
});

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe.each(targets)('%s', (_, target) => {
  test.each(crashes)('$name does no harm', async ({ body, encoding }) => {
    expect(await findFaults(target, body, encoding)).toEqual([]);
  });

  describe.each(encodings)('%s', (encoding) => {
    const structured = encoding === 'application/json' ? anyJson : anyProtobuf;

    test.each(seeds)('bodies of its parts, %s', async (__, seed) => {
      expect(await fuzz(target, encoding, structured, seed)).toBeUndefined();
    });

    test.each(seeds)('recordings with a few bytes changed, %s', async (__, seed) => {
      const bodies = mutated(bodiesOf(encoding));
      expect(await fuzz(target, encoding, bodies, seed)).toBeUndefined();
    });
  });
});

/** What was found, with the seed that finds it again. */
async function fuzz(
  target: FuzzTarget,
  encoding: Encoding,
  bodies: fc.Arbitrary<Buffer>,
  seed: number,
): Promise<string | undefined> {
  const property = fc.asyncProperty(bodies, async (body) => {
    const faults = await findFaults(target, body, encoding);
    if (faults.length > 0) throw new Error(faults.join(', '));
  });
  const limits = { interruptAfterTimeLimit: runMs, markInterruptAsFailure: false };
  const found = await fc.check(property, { seed, numRuns: 1_000_000, ...limits });
  return fc.defaultReportMessage(found);
}

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

test('all of this leaves no memory behind', () => {
  expect(heapBytes() - heapBefore).toBeLessThan(64 * mebibyte);
});
