/** fast-check arbitraries of canonical spans, and one span to vary in table tests. */
import * as fc from 'fast-check';
import {
  contentSlots,
  costSources,
  priceMatches,
  spanKinds,
  spanStatuses,
  type Attributes,
  type AttributeValue,
  type Span,
} from '../span.ts';
import { latestTimeUnixNano } from './clickhouse-time.ts';

export const oneSpan: Span = {
  projectId: 'default',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  parentSpanId: '',
  traceState: '',
  name: 'run',
  kind: 'workflow',
  rawKind: '',
  dialect: 'gen_ai',
  otelKind: 1,
  startTimeUnixNano: 1_795_000_000_000_000_000n,
  endTimeUnixNano: 1_795_000_001_000_000_000n,
  status: 'unset',
  statusMessage: '',
  errorType: '',
  flags: 0,
  serviceName: 'shop',
  scopeName: '',
  scopeVersion: '',
  runId: '',
  workflowName: '',
  agentName: '',
  toolName: '',
  toolCallId: '',
  conversationId: '',
  userId: '',
  provider: '',
  modelRequested: '',
  modelAnswered: '',
  responseId: '',
  finishReasons: [],
  usage: {
    inputTokens: null,
    outputTokens: null,
    cacheReadTokens: null,
    cacheWriteTokens: null,
    reasoningTokens: null,
  },
  costUsd: null,
  costSource: 'none',
  computedCostUsd: null,
  priceVersion: '',
  priceMatch: 'none',
  timeToFirstChunk: null,
  attempt: 0,
  loopIteration: 0,
  stepIndex: 0,
  handoffFrom: '',
  handoffTo: '',
  attributes: new Map(),
  resourceAttributes: new Map(),
  scopeAttributes: new Map(),
  events: [],
  links: [],
  content: [],
  droppedAttributes: 0,
  droppedEvents: 0,
  droppedLinks: 0,
};

/** Whatever a sender may write, control characters, emoji and hostile names included. */
export const textArbitrary = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '__proto__',
    'constructor',
    "'; DROP TABLE spans; --",
    'a\n\nb',
    '\\N',
    '{x:String}',
    '$bytes',
    '$$double',
  ),
);

/** As `textArbitrary`, with halves of surrogate pairs: these are not kept as they came. */
export const brokenTextArbitrary = fc
  .array(fc.constantFrom('\ud800', '\udc00', 'a', '"', '\\', '\u0000', '\n'), { maxLength: 12 })
  .map((units) => units.join(''));

const unsafeBigint = fc
  .bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  .filter((value) => !Number.isSafeInteger(Number(value)));

const bytes = fc.base64String({ maxLength: 24 }).map((text) => ({ bytes: text }));

export const attributeValueArbitrary: fc.Arbitrary<AttributeValue> = fc.letrec<{
  value: AttributeValue;
}>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    textArbitrary,
    fc.integer(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    unsafeBigint,
    bytes,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(textArbitrary, tie('value')), { maxLength: 4 }).map((all) => new Map(all)),
  ),
})).value;

export const attributesArbitrary: fc.Arbitrary<Attributes> = fc
  .array(fc.tuple(textArbitrary, attributeValueArbitrary), { maxLength: 6 })
  .map((entries) => new Map(entries));

const time = fc.bigInt({ min: 0n, max: latestTimeUnixNano });
const tokens = fc.option(fc.maxSafeNat());
const small = fc.nat({ max: 4_294_967_295 });
const usd = fc
  .tuple(fc.nat({ max: 999_999 }), fc.nat({ max: 999_999_999 }))
  .map(([whole, fraction]) => `${whole}.${fraction}1`);
const hex = (length: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom(...'0123456789abcdef'),
    minLength: length,
    maxLength: length,
  });

export const spanArbitrary: fc.Arbitrary<Span> = fc.record({
  projectId: fc.constantFrom('default', 'other'),
  traceId: hex(32),
  spanId: hex(16),
  parentSpanId: fc.oneof(fc.constant(''), hex(16)),
  traceState: textArbitrary,
  name: textArbitrary,
  kind: fc.constantFrom(...spanKinds),
  rawKind: textArbitrary,
  dialect: textArbitrary,
  otelKind: fc.nat({ max: 5 }),
  startTimeUnixNano: time,
  endTimeUnixNano: time,
  status: fc.constantFrom(...spanStatuses),
  statusMessage: textArbitrary,
  errorType: textArbitrary,
  flags: fc.nat({ max: 63 }),
  serviceName: textArbitrary,
  scopeName: textArbitrary,
  scopeVersion: textArbitrary,
  runId: textArbitrary,
  workflowName: textArbitrary,
  agentName: textArbitrary,
  toolName: textArbitrary,
  toolCallId: textArbitrary,
  conversationId: textArbitrary,
  userId: textArbitrary,
  provider: textArbitrary,
  modelRequested: textArbitrary,
  modelAnswered: textArbitrary,
  responseId: textArbitrary,
  finishReasons: fc.array(textArbitrary, { maxLength: 3 }),
  usage: fc.record({
    inputTokens: tokens,
    outputTokens: tokens,
    cacheReadTokens: tokens,
    cacheWriteTokens: tokens,
    reasoningTokens: tokens,
  }),
  costUsd: fc.option(usd),
  costSource: fc.constantFrom(...costSources),
  computedCostUsd: fc.option(usd),
  priceVersion: textArbitrary,
  priceMatch: fc.constantFrom(...priceMatches),
  timeToFirstChunk: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true, min: 0 })),
  attempt: small,
  loopIteration: small,
  stepIndex: fc.nat({ max: 2_147_483_647 }),
  handoffFrom: textArbitrary,
  handoffTo: textArbitrary,
  attributes: attributesArbitrary,
  resourceAttributes: attributesArbitrary,
  scopeAttributes: attributesArbitrary,
  events: fc.array(
    fc.record({ name: textArbitrary, timeUnixNano: time, attributes: attributesArbitrary }),
    { maxLength: 3 },
  ),
  links: fc.array(
    fc.record({
      traceId: hex(32),
      spanId: hex(16),
      rel: textArbitrary,
      attributes: attributesArbitrary,
    }),
    { maxLength: 3 },
  ),
  content: fc.array(
    fc.record({
      slot: fc.constantFrom(...contentSlots),
      key: textArbitrary,
      format: fc.constantFrom('text', 'json', 'flat'),
      body: textArbitrary,
    }),
    { maxLength: 3 },
  ),
  droppedAttributes: small,
  droppedEvents: small,
  droppedLinks: small,
});
