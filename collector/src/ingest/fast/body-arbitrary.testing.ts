/** Bodies aimed at the rules: every key that means something, with every type of value, in every odd encoding. */
import * as fc from 'fast-check';
import { precedence } from '../dialects/all.ts';
import { chargeRows, toolUsesPrefix } from '../dialects/charge-keys.ts';
import type { Dialect } from '../dialects/table.ts';
import { delimited, tag, varint } from '../encode.testing.ts';
import {
  contentRules,
  fieldRules,
  flatRules,
  kindKeys,
  messageEventSlots,
  namePrefixKinds,
  presenceKinds,
  waitRules,
} from '../to-span/rules.ts';

const marks = precedence.map((dialect) => dialect.marks);
const markedValues = marks.flatMap(({ values = [] }) => values);

const keys = [
  ...fieldRules.keys(),
  ...contentRules.keys(),
  ...[...flatRules.keys()].flatMap((prefix) => [
    `${prefix}.0.message.role`,
    `${prefix}.1.message.content`,
    `${prefix}.2`,
    `${prefix}.0."quoted"`,
  ]),
  ...kindKeys.map(({ key }) => key),
  ...presenceKinds.map(([key]) => key),
  ...markedValues.map(([key]) => key),
  ...marks.flatMap((mark) => mark.keys ?? []),
  ...waitRules.map(([key]) => key),
  ...chargeRows.map(([, key]) => key),
  `${toolUsesPrefix}web_search`,
  `${toolUsesPrefix}nothing`,
];
const plainKeys = ['', '__proto__', 'a', 'otlp.flags', 'größe', 'logfire.pending_parent_id'];
const longKeys = ['k'.repeat(127), 'k'.repeat(128), 'k'.repeat(1_025)];

const words = [
  kindKeys.flatMap(({ values }) => [...values.keys()]),
  markedValues.map(([, value]) => value),
  waitRules.flatMap(([, values]) => values),
  ['stop', 'tool_calls', '["stop","length"]', 'openai', 'azure', 'LangChain', 'google.vertex.chat'],
  ['gpt-4o', 'gpt-4o-mini', 'claude-sonnet-4-20250514', 'text-embedding-3-small', 'nobody-1'],
  ['ERROR', 'error', 'false', 'true', 'pending_span', 'transfer_to_writer', 'transfer_to_agent'],
  ['12', '1e3', ' 7 ', '-1', '0.000123', '2026-01-02T03:04:05Z', '"2026-01-02T03:04:05.678Z"'],
  ['{"input":3,"output":5,"total":0.5}', '{"input_tokens":3,"cache_read":1,"thread_id":"t"}'],
  ['{"lc_agent_name":"run","langgraph_step":2}', '{"agent_name":"writer","model":"gpt-4o"}'],
  ['[{"a":1}]', '{', '"', ' [] ', '[\u00a0', '\u00a0{}', '{}\u2003', '}', `{}${' '.repeat(16)}`],
  ['{"service_tier":"flex","currency":"EUR"}', 'batch', 'priority', 'default', 'EUR', 'usd'],
  ['{"anthropic":{"usage":{"service_tier":"batch","server_tool_use":{"web_search_requests":2}}}}'],
  ['a\u0000b"\\\n\u2028é🚀', 'ß'.repeat(90)],
].flat();

const names = [
  namePrefixKinds.flatMap(([prefix]) => [prefix, `${prefix} run`]),
  ['', 'run', 'chat gpt-4o', 'execute_tool ', 'claude_code.tool.blocked_on_user', 'größe'],
  ['transfer_to_writer', 'n'.repeat(1_024), 'n'.repeat(1_025)],
].flat();

const scopes = [
  marks.flatMap(({ scopes: own = [], scopePrefixes = [] }) => own.concat(scopePrefixes)),
  ['', 'other', 'other', 'other'],
].flat();

const bytesOf = (text: string): Buffer => Buffer.from(text);
const badUtf8 = fc.constantFrom(
  Buffer.from([0xff]),
  Buffer.from('c3', 'hex'),
  Buffer.from('eda080', 'hex'),
);

const text: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 12, arbitrary: fc.constantFrom(...words).map(bytesOf) },
  { weight: 4, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }).map(bytesOf) },
  { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
  { weight: 1, arbitrary: badUtf8 },
);
const longText = fc
  .constantFrom(127, 128, 300, 1_024, 1_025, 16_384, 65_536, 65_537, 1_048_576, 1_048_577)
  .map((size) => Buffer.alloc(size, 'x'));

const int = fc.oneof(
  fc.integer({ min: -2, max: 300 }).map(BigInt),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(2n ** 53n - 1n, 2n ** 53n, -(2n ** 53n) + 1n, 2n ** 49n, 10n ** 9n),
);
const unsigned = (value: bigint): Buffer => varint(BigInt.asUintN(64, value));

/** Longer than it must be. */
const padded = (value: bigint): Buffer => {
  const bytes = unsigned(value);
  const last = bytes.length - 1;
  bytes[last] = (bytes[last] ?? 0) | 0x80;
  return bytes.length < 10 ? Buffer.concat([bytes, Buffer.from([0])]) : unsigned(value);
};

const double = fc
  .oneof(fc.double(), fc.constantFrom(0, -0, 0.7, 1, 3, 1e21, 2 ** 53, Number.NaN, Infinity))
  .map((number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(number);
    return Buffer.concat([tag(4, 1), bytes]);
  });

/** Fields of an AnyValue. */
const { anyField } = fc.letrec<{ anyField: Buffer; anyValue: Buffer }>((tie) => ({
  anyField: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'value' },
    { weight: 10, arbitrary: text.map((bytes) => delimited(1, bytes)) },
    { weight: 4, arbitrary: int.map((value) => Buffer.concat([tag(3, 0), unsigned(value)])) },
    { weight: 2, arbitrary: double },
    {
      weight: 1,
      arbitrary: fc.nat(2).map((bit) => Buffer.concat([tag(2, 0), varint(BigInt(bit))])),
    },
    { weight: 1, arbitrary: int.map((value) => Buffer.concat([tag(3, 0), padded(value)])) },
    {
      weight: 1,
      arbitrary: fc.uint8Array({ maxLength: 5 }).map((b) => delimited(7, Buffer.from(b))),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(Buffer.from('4801', 'hex'), Buffer.from('0d01020304', 'hex')),
    },
    // The index of a string table.
    { weight: 1, arbitrary: fc.constant(Buffer.from('4005', 'hex')) },
    {
      weight: 2,
      arbitrary: fc
        .array(tie('anyValue'), { maxLength: 3 })
        .map((items) => delimited(5, Buffer.concat(items.map((item) => delimited(1, item))))),
    },
    {
      weight: 1,
      arbitrary: fc
        .array(fc.tuple(text, tie('anyValue')), { maxLength: 3 })
        .map((pairs) =>
          delimited(
            6,
            Buffer.concat(
              pairs.map(([key, value]) =>
                delimited(1, Buffer.concat([delimited(1, key), delimited(2, value)])),
              ),
            ),
          ),
        ),
    },
  ),
  anyValue: fc.oneof(
    { weight: 12, arbitrary: tie('anyField') },
    {
      weight: 1,
      arbitrary: fc.array(tie('anyField'), { maxLength: 2 }).map((all) => Buffer.concat(all)),
    },
  ),
}));
const anyValue: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 20, arbitrary: anyField },
  { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
  { weight: 1, arbitrary: fc.array(anyField, { maxLength: 3 }).map((all) => Buffer.concat(all)) },
);

const key = fc.oneof(
  { weight: 20, arbitrary: fc.constantFrom(...keys) },
  { weight: 3, arbitrary: fc.constantFrom(...plainKeys) },
  { weight: 1, arbitrary: fc.constantFrom(...longKeys) },
);

const keyValue: fc.Arbitrary<Buffer> = fc.oneof(
  {
    weight: 30,
    arbitrary: fc
      .tuple(key, anyValue)
      .map(([name, value]) => Buffer.concat([delimited(1, bytesOf(name)), delimited(2, value)])),
  },
  // What belongs to a kind is drawn together often enough.
  {
    weight: 10,
    arbitrary: fc
      .constantFrom(
        ...kindKeys.flatMap(({ key: name, values }) =>
          [...values.keys()].map((word) => [name, word]),
        ),
      )
      .map(([name = '', word = '']) =>
        Buffer.concat([delimited(1, bytesOf(name)), delimited(2, delimited(1, bytesOf(word)))]),
      ),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(key, anyValue)
      .map(([name, value]) => Buffer.concat([delimited(2, value), delimited(1, bytesOf(name))])),
  },
  { weight: 1, arbitrary: key.map((name) => delimited(1, bytesOf(name))) },
  { weight: 1, arbitrary: anyValue.map((value) => delimited(2, value)) },
  { weight: 1, arbitrary: fc.constant(Buffer.from('1803', 'hex')) },
  { weight: 1, arbitrary: badUtf8.map((bytes) => delimited(1, bytes)) },
);
const attributes = (number: number, maxLength: number): fc.Arbitrary<Buffer> =>
  fc
    .array(keyValue, { maxLength })
    .map((all) => Buffer.concat(all.map((one) => delimited(number, one))));

const id = (size: number): fc.Arbitrary<Buffer> =>
  fc
    .oneof(
      { weight: 20, arbitrary: fc.uint8Array({ minLength: size, maxLength: size }) },
      { weight: 1, arbitrary: fc.constant(new Uint8Array(size)) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 20 }) },
    )
    .map((bytes) => Buffer.from(bytes));

const fixed = (size: 4 | 8): fc.Arbitrary<Buffer> =>
  fc.uint8Array({ minLength: size, maxLength: size }).map((bytes) => Buffer.from(bytes));
const time = fc
  .oneof(
    {
      weight: 3,
      arbitrary: fc.bigInt({ min: 1_794_000_000_000_000_000n, max: 1_796_000_000_000_000_000n }),
    },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        0n,
        4_294_967_295_999_999_999n,
        4_294_967_296_000_000_000n,
        2n ** 64n - 1n,
      ),
    },
  )
  .map((nanos) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(nanos);
    return bytes;
  });

const event = fc
  .tuple(
    time,
    fc.constantFrom(
      'exception',
      'plain',
      'gen_ai.client.inference.operation.details',
      ...messageEventSlots.keys(),
    ),
    fc.oneof(
      attributes(3, 3),
      fc.constantFrom('false', 'true').map((word) => {
        const pair = (name: string, value: string): Buffer =>
          delimited(
            3,
            Buffer.concat([
              delimited(1, bytesOf(name)),
              delimited(2, delimited(1, bytesOf(value))),
            ]),
          );
        return Buffer.concat([
          pair('exception.type', 'Boom'),
          pair('exception.message', 'it went'),
          pair('exception.escaped', word),
        ]);
      }),
    ),
    fc.nat(300),
  )
  .map(([at, name, all, dropped]) =>
    Buffer.concat([
      tag(1, 1),
      at,
      delimited(2, bytesOf(name)),
      all,
      tag(4, 0),
      varint(BigInt(dropped)),
    ]),
  );
const link = fc
  .tuple(id(16), id(8), attributes(4, 2), fc.nat(300))
  .map(([traceId, spanId, all, dropped]) =>
    Buffer.concat([
      delimited(1, traceId),
      delimited(2, spanId),
      all,
      tag(5, 0),
      varint(BigInt(dropped)),
    ]),
  );

/** @param percent how often it is there */
const maybe = (field: fc.Arbitrary<Buffer>, percent = 50): fc.Arbitrary<Buffer> =>
  fc.oneof(
    { weight: percent, arbitrary: field },
    { weight: 100 - percent, arbitrary: fc.constant(Buffer.alloc(0)) },
  );
const flags = fc.oneof(
  fc.constantFrom(0, 1, 0x101, 0x103, 0x301).map((bits) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(bits);
    return bytes;
  }),
  fixed(4),
);
const numberField = (number: number, most: number): fc.Arbitrary<Buffer> =>
  fc.nat(most).map((value) => Buffer.concat([tag(number, 0), varint(BigInt(value))]));
const status = fc
  .tuple(maybe(text.map((bytes) => delimited(2, bytes))), maybe(numberField(3, 3)))
  .map((fields) => delimited(15, Buffer.concat(fields)));

const fields: fc.Arbitrary<Buffer[]> = fc.tuple(
  id(16).map((bytes) => delimited(1, bytes)),
  id(8).map((bytes) => delimited(2, bytes)),
  maybe(
    text.map((bytes) => delimited(3, bytes)),
    20,
  ),
  maybe(id(8).map((bytes) => delimited(4, bytes))),
  fc.constantFrom(...names).map((name) => delimited(5, bytesOf(name))),
  maybe(numberField(6, 7)),
  maybe(
    time.map((bytes) => Buffer.concat([tag(7, 1), bytes])),
    90,
  ),
  maybe(
    time.map((bytes) => Buffer.concat([tag(8, 1), bytes])),
    90,
  ),
  attributes(9, 10),
  maybe(
    longText.map((bytes) =>
      delimited(
        9,
        Buffer.concat([
          delimited(1, bytesOf('gen_ai.input.messages')),
          delimited(2, delimited(1, bytes)),
        ]),
      ),
    ),
    1,
  ),
  maybe(
    fc
      .tuple(key, longText)
      .map(([name, bytes]) =>
        delimited(
          9,
          Buffer.concat([delimited(1, bytesOf(name)), delimited(2, delimited(1, bytes))]),
        ),
      ),
    3,
  ),
  maybe(numberField(10, 2 ** 31 - 1), 20),
  maybe(
    fc
      .array(event, { maxLength: 3 })
      .map((all) => Buffer.concat(all.map((one) => delimited(11, one)))),
    30,
  ),
  maybe(numberField(12, 2 ** 31 - 1), 20),
  maybe(
    fc
      .array(link, { maxLength: 2 })
      .map((all) => Buffer.concat(all.map((one) => delimited(13, one)))),
    20,
  ),
  maybe(numberField(14, 2 ** 31 - 1), 20),
  maybe(status),
  maybe(flags.map((bytes) => Buffer.concat([tag(16, 5), bytes]))),
  maybe(
    fc.constantFrom(
      Buffer.from('b80601', 'hex'),
      Buffer.from('0801', 'hex'),
      Buffer.from('b0808000', 'hex'),
    ),
    3,
  ),
);

/** What a sender of one dialect would write: its own keys beside gen_ai's, each once, with values of fitting types. */
const tidySpan: fc.Arbitrary<Buffer> = fc.constantFrom(...precedence).chain((dialect) => {
  const shared = precedence.find(({ name }) => name === 'gen_ai');
  const own = keysOf(dialect);
  const drawn = fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...own) },
    { weight: 2, arbitrary: fc.constantFrom(...keysOf(shared ?? dialect)) },
    { weight: 1, arbitrary: fc.constantFrom(...keys) },
  );
  const pair = drawn.chain((name) => fittingValue(name).map((value) => [name, value] as const));
  const pairs = fc.uniqueArray(pair, { maxLength: 16, selector: ([name]) => name });
  const kind = fc.constantFrom(
    ...(dialect.kinds.length > 0 ? dialect.kinds : (shared?.kinds ?? [])),
  );
  const kindPair = kind.chain(({ key: name, values }) =>
    fc
      .constantFrom(...Object.keys(values))
      .map((word) => [name, delimited(1, bytesOf(word))] as const),
  );
  return fc
    .tuple(
      fc.uint8Array({ minLength: 16, maxLength: 16 }),
      fc.uint8Array({ minLength: 8, maxLength: 8 }),
      maybe(fixed(8).map((bytes) => delimited(4, bytes))),
      fc.constantFrom(...names),
      time,
      time,
      fc.tuple(fc.oneof(callPairs, maybeOne(kindPair)), pairs),
      maybe(
        fc.array(event, { maxLength: 2 }).map((all) => repeated(11, all)),
        15,
      ),
      maybe(
        fc.array(link, { maxLength: 1 }).map((all) => repeated(13, all)),
        10,
      ),
      maybe(status),
      maybe(flags.map((bytes) => Buffer.concat([tag(16, 5), bytes]))),
    )
    .map(([traceId, spanId, parent, name, start, end, [first, rest], ...others]) => {
      const firstKeys = new Set(first.map(([one]) => one));
      const all = [...first, ...rest.filter(([one]) => !firstKeys.has(one))];
      const attributes = all.map(([one, value]) =>
        delimited(9, Buffer.concat([delimited(1, bytesOf(one)), delimited(2, value)])),
      );
      return Buffer.concat([
        delimited(1, Buffer.from(traceId)),
        delimited(2, Buffer.from(spanId)),
        parent,
        delimited(5, bytesOf(name)),
        Buffer.concat([tag(7, 1), start, tag(8, 1), end]),
        ...attributes,
        ...others,
      ]);
    });
});

function keysOf({ fields: rows, content, kinds, presence }: Dialect): string[] {
  return [
    ...rows.map(([, name]) => name),
    ...content.map(([, name, options]) => (options?.as === 'flat' ? `${name}.0.text` : name)),
    ...kinds.map(({ key: name }) => name),
    ...presence.map(([name]) => name),
    'a',
  ];
}

function maybeOne<T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> {
  return fc.array(one, { maxLength: 1 });
}

function repeated(number: number, all: readonly Buffer[]): Buffer {
  return Buffer.concat(all.map((one) => delimited(number, one)));
}

const varintField = (value: bigint): Buffer => Buffer.concat([tag(3, 0), unsigned(value)]);
const textField = (value: string): Buffer => delimited(1, bytesOf(value));
const listField = (items: readonly string[]): Buffer =>
  delimited(
    5,
    repeated(
      1,
      items.map((item) => textField(item)),
    ),
  );

/** A call of a model that has a price, or nearly. */
const callPairs: fc.Arbitrary<(readonly [string, Buffer])[]> = fc
  .record(
    {
      'gen_ai.operation.name': fc.constantFrom('chat', 'embeddings', 'invoke_agent').map(textField),
      'gen_ai.provider.name': fc.constantFrom('openai', 'anthropic', 'gcp.gemini').map(textField),
      'gen_ai.request.model': fc.constantFrom('gpt-4o', 'gemini-2.5-pro', 'o1').map(textField),
      'gen_ai.response.model': fc.constantFrom('claude-sonnet-4-20250514', 'nobody').map(textField),
      'gen_ai.usage.input_tokens': fc.nat(4_000_000).map((n) => varintField(BigInt(n))),
      'gen_ai.usage.output_tokens': fc.nat(9_000).map((n) => varintField(BigInt(n))),
      'gen_ai.usage.cache_read.input_tokens': fc.nat(900).map((n) => varintField(BigInt(n))),
      'gen_ai.usage.cache_creation.input_tokens': fc.nat(900).map((n) => varintField(BigInt(n))),
      'gen_ai.usage.reasoning.output_tokens': fc.nat(900).map((n) => varintField(BigInt(n))),
      'gen_ai.usage.details.ephemeral_1h_input_tokens': fc
        .nat(900)
        .map((n) => varintField(BigInt(n))),
      'openai.response.service_tier': fc
        .constantFrom('default', 'flex', 'priority', 'scale', 'auto')
        .map(textField),
      'gen_ai.usage.audio.input_tokens': fc.nat(90).map((n) => varintField(BigInt(n))),
      'gen_ai.usage.audio.output_tokens': fc.nat(90).map((n) => varintField(BigInt(n))),
      'orchescope.usage.tools.web_search': fc.nat(4).map((n) => varintField(BigInt(n))),
      'gen_ai.usage.cost.currency': fc.constantFrom('USD', 'EUR').map(textField),
      'gen_ai.usage.cost': fc.constantFrom('0.5', 'x').map(textField),
    },
    { requiredKeys: ['gen_ai.operation.name', 'gen_ai.usage.input_tokens'] },
  )
  .map((record) => Object.entries(record));

/** By what the key means somewhere: counts are numbers, models are models. */
function fittingValue(name: string): fc.Arbitrary<Buffer> {
  const fieldNames = (fieldRules.get(name) ?? []).map(({ field }) => field);
  const isCount = fieldNames.some((field) => /Tokens|attempt|loop|step/.test(field));
  const isModel = fieldNames.some((field) => field.startsWith('model'));
  const fitting = isCount
    ? fc.oneof(
        fc.integer({ min: 0, max: 3_000_000 }).map((n) => varintField(BigInt(n))),
        double,
        fc.constantFrom('12', '', 'x', '1.5').map(textField),
      )
    : isModel
      ? fc
          .constantFrom(
            'gpt-4o',
            'gpt-4o-2024-08-06',
            'gemini-2.5-pro',
            'claude-sonnet-4-20250514',
            'x',
          )
          .map(textField)
      : fc.oneof(
          { weight: 10, arbitrary: fc.constantFrom(...words).map(textField) },
          { weight: 2, arbitrary: int.map(varintField) },
          { weight: 1, arbitrary: double },
          {
            weight: 1,
            arbitrary: fc.constantFrom('1000', '1001').map((hex) => Buffer.from(hex, 'hex')),
          },
          { weight: 1, arbitrary: fc.constantFrom(['stop'], ['a', 'b'], []).map(listField) },
          { weight: 1, arbitrary: fc.constant(Buffer.alloc(0)) },
        );
  return fc.oneof(
    { weight: 9, arbitrary: fitting },
    { weight: 1, arbitrary: fc.constantFrom(...words).map(textField) },
  );
}

const span: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 12, arbitrary: tidySpan },
  { weight: 3, arbitrary: fields.map((all) => Buffer.concat(all)) },
  {
    weight: 1,
    arbitrary: fields
      .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }))
      .map((all) => Buffer.concat(all)),
  },
);

const scopeSpans = fc
  .tuple(
    fc.constantFrom(...scopes),
    attributes(3, 1),
    fc.array(span, { minLength: 1, maxLength: 3 }),
    fc.boolean(),
  )
  .map(([name, all, spans, isFirst]) => {
    const scope = delimited(
      1,
      Buffer.concat([delimited(1, bytesOf(name)), delimited(2, bytesOf('1')), all]),
    );
    // The same span again meets what was remembered of it.
    const bytes = Buffer.concat(
      [...spans, spans[0] ?? Buffer.alloc(0)].map((one) => delimited(2, one)),
    );
    return Buffer.concat(isFirst ? [scope, bytes] : [bytes, scope]);
  });

/** Export requests in protobuf; most of them can be read. */
export const bodyArbitrary: fc.Arbitrary<Buffer> = fc
  .tuple(attributes(1, 3), fc.array(scopeSpans, { minLength: 1, maxLength: 2 }), fc.boolean())
  .map(([resource, groups, isFirst]) => {
    const first = delimited(1, resource);
    const rest = Buffer.concat(groups.map((one) => delimited(2, one)));
    return delimited(1, Buffer.concat(isFirst ? [first, rest] : [rest, first]));
  });

export type Mutation = {
  readonly at: number;
  readonly remove: number;
  readonly insert: Uint8Array;
  readonly repeat: boolean;
};

/** Cuts, overwrites, repeats or inserts a few bytes somewhere. */
export const mutationArbitrary: fc.Arbitrary<Mutation> = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  remove: fc.nat(4),
  insert: fc.uint8Array({ maxLength: 4 }),
  repeat: fc.boolean(),
});

export function mutate(body: Buffer, mutations: readonly Mutation[]): Buffer {
  return mutations.reduce((bytes, { at, remove, insert, repeat }) => {
    const start = Math.floor(at * bytes.length);
    const again = repeat ? bytes.subarray(start, start + 64) : Buffer.alloc(0);
    return Buffer.concat([bytes.subarray(0, start), again, insert, bytes.subarray(start + remove)]);
  }, body);
}
