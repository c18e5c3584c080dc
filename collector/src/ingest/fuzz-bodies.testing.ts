/** Bodies that nobody means well: made of the parts of the formats, or of recordings with a few bytes changed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { delimited, encode, tag, varint } from './encode.testing.ts';
import { fixtureNames, inflateSentBody, readFixture, sentBodies } from './fixtures.testing.ts';
import type { Encoding } from './replies.ts';

export const crashesDir = join(import.meta.dirname, '../../testdata/fuzz');

export type Crash = { readonly name: string; readonly encoding: Encoding; readonly body: Buffer };

/** Bodies that once broke something, or are built to. */
export const crashes: readonly Crash[] = readdirSync(crashesDir)
  .filter((name) => /\.(json|binpb)$/.test(name))
  .sort()
  .map((name) => ({
    name,
    encoding: name.endsWith('.json') ? 'application/json' : 'application/x-protobuf',
    body: readFileSync(join(crashesDir, name)),
  }));

/** Every recording that is not too large to be changed often, and the crashes. */
export function bodiesOf(encoding: Encoding): readonly Buffer[] {
  const recorded = fixtureNames.map((name) => Buffer.from(encode(readFixture(name), encoding)));
  const sent = encoding === 'application/json' ? [] : sentBodies.map(inflateSentBody);
  const known = crashes.filter((crash) => crash.encoding === encoding).map(({ body }) => body);
  return [...recorded, ...sent, ...known].filter(({ length }) => length < 32_000);
}

/** A few bytes cut, overwritten, repeated or put in somewhere. */
export function mutated(bodies: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const mutation = fc.record({
    at: fc.double({ min: 0, max: 1, noNaN: true }),
    remove: fc.nat(8),
    /** Lengths stay right, so more of the body is read. */
    overwrites: fc.boolean(),
    insert: fc.oneof(fc.uint8Array({ maxLength: 12 }), fc.constantFrom(...spices)),
    repeat: fc.nat(3),
  });
  const mutations = fc.array(mutation, { minLength: 1, maxLength: 6 });
  return fc.tuple(fc.constantFrom(...bodies), mutations).map(([body, changes]) =>
    changes.reduce((bytes, { at, remove, overwrites, insert, repeat }) => {
      const start = Math.floor(at * bytes.length);
      if (overwrites) {
        const end = start + Math.min(insert.length, 4);
        return Buffer.concat([
          bytes.subarray(0, start),
          insert.subarray(0, 4),
          bytes.subarray(end),
        ]);
      }
      const again = bytes.subarray(start, start + 64);
      const repeated = Array.from({ length: repeat }, () => again);
      const rest = bytes.subarray(start + remove);
      return Buffer.concat([bytes.subarray(0, start), ...repeated, insert, rest]);
    }, body),
  );
}

const spices: readonly Buffer[] = [
  Buffer.alloc(11, 0xff),
  Buffer.from([0x0b, 0x0c]),
  Buffer.from('"__proto__"'),
  Buffer.from('1e999'),
  Buffer.from('\\ud800'),
  Buffer.from('[['.repeat(40)),
];

const texts = [
  Buffer.from('__proto__'),
  Buffer.from('gen_ai.input.messages'),
  Buffer.from('llm.input_messages.0.message.content'),
  Buffer.from([0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80]),
  Buffer.from('é'.repeat(2_000)),
];

/** Any field in any wire type, with lengths that are right, a little wrong, or far off. */
export const anyProtobuf: fc.Arbitrary<Buffer> = fc
  .letrec<{ message: Buffer; field: Buffer }>((tie) => {
    const number = fc.oneof(
      { weight: 30, arbitrary: fc.integer({ min: 1, max: 16 }) },
      fc.constantFrom(0, 99, 536_870_911),
    );
    const packed = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { maxLength: 20 });
    const bytes = fc.oneof(
      { weight: 6, arbitrary: tie('message') },
      fc.constantFrom(Buffer.alloc(16, 7), Buffer.alloc(8, 7), Buffer.alloc(16)),
      fc.uint8Array({ maxLength: 20 }).map((raw) => Buffer.from(raw)),
      packed.map((numbers) => Buffer.concat(numbers.map(varint))),
      fc.constantFrom(...texts),
      fc.tuple(fc.constantFrom(5, 6), fc.nat(1_500)).map(([kind, depth]) => nest(kind, depth)),
    );
    const right = fc.tuple(number, bytes).map(([field, body]) => delimited(field, body));
    const wrong = fc
      .tuple(number, fc.nat(7), fc.uint8Array({ maxLength: 12 }))
      .map(([field, wireType, raw]) => Buffer.concat([tag(field, wireType), Buffer.from(raw)]));
    const fields = fc.array(tie('field'), { maxLength: 6 });
    const many = fc
      .tuple(tie('field'), fc.constantFrom(100, 1_000, 10_000))
      .map(([field, times]) => Buffer.alloc(field.length * (field.length < 40 ? times : 1), field));
    return {
      message: fc.oneof(
        { maxDepth: 5, depthIdentifier: 'message' },
        fc.constant(Buffer.alloc(0)),
        fields.map((list) => Buffer.concat(list)),
        { weight: 1, arbitrary: many },
      ),
      field: fc.oneof({ weight: 30, arbitrary: right }, { weight: 1, arbitrary: wrong }),
    };
  })
  .message.map((message) => {
    // Two of three inside a span that could be taken, for the rest to get that far.
    const ids = [delimited(1, Buffer.alloc(16, 7)), delimited(2, Buffer.alloc(8, 7))];
    const rest = message.length % 3 === 1 ? message : delimited(9, message);
    const span = Buffer.concat([...ids, rest]);
    return message.length % 3 === 0 ? message : delimited(1, delimited(2, delimited(2, span)));
  });

/** An AnyValue of arrays (5) or maps (6) inside each other. */
function nest(kind: number, depth: number): Buffer {
  let value = delimited(1, Buffer.from('the bottom'));
  for (let level = 0; level < depth; level++) {
    value = delimited(kind, delimited(1, kind === 5 ? value : delimited(2, value)));
  }
  return value;
}

const jsonFields = [
  'resourceSpans',
  'resource',
  'scopeSpans',
  'scope',
  'spans',
  'traceId',
  'spanId',
  'name',
  'startTimeUnixNano',
  'attributes',
  'events',
  'links',
  'status',
  'flags',
  'kind',
  'code',
  'key',
  'value',
  'stringValue',
  'intValue',
  'doubleValue',
  'boolValue',
  'bytesValue',
  'arrayValue',
  'kvlistValue',
  'values',
  '__proto__',
  'constructor',
  '\\u0000',
];
const jsonLeaves = [
  'null',
  'true',
  '0',
  '-0',
  '1e999',
  '-1e-999',
  '18446744073709551616',
  '0.1',

  '""',
  '"NaN"',
  '"-Infinity"',
  '"\\ud800"',
  '"\\u0000"',
  '"__proto__"',
  '"1763690400000000001"',
  `"${'0a'.repeat(16)}"`,
  `"${'0b'.repeat(8)}"`,
  '"gen_ai.input.messages"',
  `"${'9'.repeat(400)}"`,
  '12345678901234567890',
  `-${'9'.repeat(60)}`,
  '"3q2+7w=="',
];
/** No JSON: rare, since one of them spoils the whole body. */
const jsonScraps = ['01', 'NaN', '"\\', 'tru', '{', '}'];

/** JSON text, and what almost is: no parser has made it, so it holds what none would write. */
export const anyJson: fc.Arbitrary<Buffer> = fc
  .letrec<{ value: string }>((tie) => {
    const field = fc.constantFrom(...jsonFields);
    const pair = fc.tuple(field, tie('value')).map(([name, value]) => `"${name}":${value}`);
    const many = fc
      .tuple(tie('value'), fc.constantFrom(100, 1_000, 10_000))
      .map(([value, times]) => `[${`${value},`.repeat(value.length < 60 ? times : 0)}${value}]`);
    const deep = fc
      .tuple(fc.constantFrom('[', '{"arrayValue":{"values":['), fc.nat(1_500))
      .map(
        ([open, depth]) =>
          `${open.repeat(depth)}${open === '[' ? ']'.repeat(depth) : ']}}'.repeat(depth)}`,
      );
    return {
      value: fc.oneof(
        { maxDepth: 7, depthIdentifier: 'value' },
        { weight: 60, arbitrary: fc.constantFrom(...jsonLeaves) },
        fc.constantFrom(...jsonScraps),
        {
          weight: 80,
          arbitrary: fc.array(pair, { maxLength: 6 }).map((all) => `{${all.join(',')}}`),
        },
        {
          weight: 40,
          arbitrary: fc.array(tie('value'), { maxLength: 4 }).map((all) => `[${all.join(',')}]`),
        },
        many,
        deep,
      ),
    };
  })
  .value.map((value) => {
    if (value.length % 4 === 0) return Buffer.from(value);
    const ids = `"traceId":"${'0a'.repeat(16)}","spanId":"${'0b'.repeat(8)}"`;
    const fields = [
      `"attributes":[{"key":"gen_ai.input.messages","value":${value}}]`,
      `"attributes":[{"key":"a","value":{"arrayValue":{"values":[${value}]}}}]`,
      `"future":${value}`,
    ];
    const span = `{${ids},${fields[value.length % 3] ?? ''}}`;
    return Buffer.from(`{"resourceSpans":[{"scopeSpans":[{"spans":[${span}]}]}]}`);
  });
