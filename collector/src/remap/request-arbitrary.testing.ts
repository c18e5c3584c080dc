/** Requests in the words of every dialect at once: the keys that the tables know, with whatever in them. */
import * as fc from 'fast-check';
import type { DecodedRequest, DecodedSpan } from '../ingest/otlp/request.ts';
import {
  contentRules,
  fieldRules,
  flatRules,
  kindKeys,
  messageEventSlots,
  presenceKinds,
  waitRules,
} from '../ingest/to-span/rules.ts';
import type { AttributeValue, Attributes } from '../span.ts';
import { attributeValueArbitrary, textArbitrary } from '../store/span-arbitrary.ts';

const isFlat = (key: string): boolean => flatRules.has(/^(.+?)\.\d+/.exec(key)?.[1] ?? '');

const allKeys = [
  ...fieldRules.keys(),
  ...contentRules.keys(),
  ...kindKeys.map(({ key }) => key),
  ...presenceKinds.map(([key]) => key),
  ...waitRules.map(([key]) => key),
  'otlp.flags',
  'logfire.span_type',
];

const knownKeys = allKeys.filter((key) => !isFlat(key));

const madeUpFlatKey = fc
  .tuple(
    fc.constantFrom(...flatRules.keys()),
    fc.nat(11),
    fc.constantFrom('', '.role', '.message.content', '.2.1', '.__proto__'),
  )
  .map(([prefix, at, rest]) => `${prefix}.${at}${rest}`);

const flatKey = fc.oneof(fc.constantFrom(...allKeys.filter(isFlat)), madeUpFlatKey);

const key = fc.oneof(fc.constantFrom(...knownKeys), textArbitrary);

const kindWords = kindKeys.flatMap(({ values }) => Array.from(values.keys()));

/** What senders write, more than what they could. */
const value: fc.Arbitrary<AttributeValue> = fc.oneof(
  attributeValueArbitrary,
  fc.constantFrom(...kindWords, 'pending_span', 'backoff'),
  fc.nat(5_000),
  fc.constantFrom<AttributeValue>(
    'openai',
    'gpt-5',
    'claude-sonnet-4-5',
    'transfer_to_agent',
    'transfer_to_billing',
    '{"model":"gpt-5","2":1,"1":2}',
    '[{"role":"user","content":"hi"}]',
    ' [1] ',
    '"quoted"',
    '{"cut',
    '5',
    'true',
    5,
    -0,
    1e21,
    true,
    new Map<string, AttributeValue>([
      ['2', 'b'],
      ['1', ['a', null]],
    ]),
  ),
);

const nested = fc
  .array(fc.tuple(textArbitrary, attributeValueArbitrary), { maxLength: 4 })
  .map((entries) => new Map<string, AttributeValue>([['2', 1], ['1', 2], ...entries]));

/** In flattened content, what JSON has no form for comes back as text, and might say something then. */
const jsonScalar = value.filter(
  (one) =>
    typeof one === 'string' || typeof one === 'boolean' || one === null || Number.isFinite(one),
);

const attributes: fc.Arbitrary<Attributes> = fc
  .array(fc.oneof(fc.tuple(key, value), fc.tuple(flatKey, fc.oneof(jsonScalar, nested))), {
    maxLength: 12,
  })
  .map((entries) => new Map(entries));

const hex = (bytes: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: bytes, maxLength: bytes })
    .map((id) => Buffer.from(id).toString('hex'))
    .filter((id) => !/^0+$/.test(id));
/** Within what the store keeps of a time: what lies beyond is clamped, and so is no longer what was sent. */
const time = fc.bigInt({ min: 0n, max: 4_294_967_295_999_999_999n });
const few = fc.nat(3);

const span: fc.Arbitrary<DecodedSpan> = fc.record({
  traceId: hex(16),
  spanId: hex(8),
  parentSpanId: fc.oneof(fc.constant(''), hex(8)),
  traceState: textArbitrary,
  flags: fc.oneof(fc.constant(0x101), fc.nat(2 ** 32 - 1)),
  name: fc.oneof(
    textArbitrary,
    fc.constantFrom('execute_tool transfer_to_agent', 'invoke_agent planner', 'agent run'),
  ),
  kind: fc.nat(7),
  startTimeUnixNano: time,
  endTimeUnixNano: fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })),
  attributes,
  droppedAttributes: few,
  events: fc.array(
    fc.record({
      name: fc.oneof(
        fc.constantFrom(
          ...messageEventSlots.keys(),
          'gen_ai.client.inference.operation.details',
          'exception',
        ),
        textArbitrary,
      ),
      timeUnixNano: time,
      attributes,
      droppedAttributes: few,
    }),
    { maxLength: 4 },
  ),
  droppedEvents: few,
  links: fc.array(
    fc.record({
      traceId: fc.oneof(hex(16), fc.constant('bad')),
      spanId: hex(8),
      attributes,
      droppedAttributes: few,
    }),
    { maxLength: 2 },
  ),
  droppedLinks: few,
  status: fc.record({ code: fc.nat(2), message: fc.oneof(fc.constant(''), textArbitrary) }),
  cut: fc.boolean(),
});

const scopeNames = ['', 'pydantic-ai', 'logfire.openai', '@traceloop/x', 'openinference', 'ai'];

export const requestArbitrary: fc.Arbitrary<DecodedRequest> = fc
  .record({
    attributes,
    schemaUrl: fc.constantFrom('', 'https://opentelemetry.io/schemas/1.40.0'),
    scopeSpans: fc.array(
      fc.record({
        name: fc.oneof(fc.constantFrom(...scopeNames), textArbitrary),
        version: textArbitrary,
        attributes,
        schemaUrl: fc.constantFrom('', 'https://opentelemetry.io/schemas/1.41.0'),
        spans: fc.array(span, { minLength: 1, maxLength: 4 }),
        unreadable: fc.constant([]),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map((resourceSpans) => ({ resourceSpans: [resourceSpans], warnings: new Set() }));
