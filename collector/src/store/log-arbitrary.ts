/** fast-check arbitraries of log records and metric points, and one of each to vary in table tests. */
import * as fc from 'fast-check';
import { logFacts, type LogRecord } from '../log-record.ts';
import { metricTypes, temporalities, type MetricPoint } from '../metric-point.ts';
import { contentSlots, costSources, priceMatches } from '../span.ts';
import { latestTimeUnixNano } from './clickhouse-time.ts';
import {
  attributesArbitrary,
  attributeValueArbitrary,
  oneSpan,
  textArbitrary,
} from './span-arbitrary.ts';

export const oneLog: LogRecord = {
  projectId: 'default',
  traceId: oneSpan.traceId,
  spanId: oneSpan.spanId,
  timeUnixNano: oneSpan.startTimeUnixNano,
  observedTimeUnixNano: 0n,
  position: 0,
  severityNumber: 9,
  severityText: '',
  eventName: '',
  traceFlags: 0,
  flags: 0,
  body: null,
  attributes: new Map(),
  resourceAttributes: new Map(),
  scopeAttributes: new Map(),
  droppedAttributes: 0,
  serviceName: 'shop',
  scopeName: '',
  scopeVersion: '',
  dialect: 'otel',
  fact: 'other',
  conversationId: '',
  userId: '',
  agentName: '',
  provider: '',
  modelRequested: '',
  modelAnswered: '',
  toolName: '',
  toolCallId: '',
  responseId: '',
  errorType: '',
  usage: oneSpan.usage,
  costUsd: null,
  costSource: 'none',
  computedCostUsd: null,
  priceVersion: '',
  priceMatch: 'none',
  durationMs: null,
  evaluation: null,
  content: [],
  messageSlot: '',
};

export const onePoint: MetricPoint = {
  projectId: 'default',
  name: 'claude_code.token.usage',
  description: '',
  unit: '{token}',
  type: 'sum',
  temporality: 'delta',
  isMonotonic: true,
  startTimeUnixNano: 0n,
  timeUnixNano: oneSpan.startTimeUnixNano,
  attributes: new Map(),
  resourceAttributes: new Map(),
  scopeAttributes: new Map(),
  serviceName: 'shop',
  scopeName: '',
  scopeVersion: '',
  flags: 0,
  value: null,
  valueInt: null,
  count: null,
  sum: null,
  min: null,
  max: null,
  bucketCounts: [],
  explicitBounds: [],
  exponential: null,
  quantiles: [],
  exemplars: [],
};

const time = fc.bigInt({ min: 0n, max: latestTimeUnixNano });
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
const small = fc.nat({ max: 4_294_967_295 });
const tokens = fc.option(fc.maxSafeNat());
const finite = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);
const usd = fc
  .tuple(fc.nat({ max: 999_999 }), fc.nat({ max: 999_999_999 }))
  .map(([whole, fraction]) => `${whole}.${fraction}1`);

function toLog(drawn: Partial<LogRecord>): LogRecord {
  const { fact = 'other', evaluation = null } = drawn;
  return { ...oneLog, ...drawn, evaluation: fact === 'evaluation' ? evaluation : null };
}

function toPoint(drawn: Partial<MetricPoint>): MetricPoint {
  return { ...onePoint, ...drawn };
}

/** Ids are given by the test. */
export const logArbitrary: fc.Arbitrary<LogRecord> = fc
  .record({
    timeUnixNano: time,
    observedTimeUnixNano: time,
    position: small,
    severityNumber: fc.nat({ max: 24 }),
    severityText: textArbitrary,
    eventName: textArbitrary,
    traceFlags: small,
    // Without bit 6: a time that was not told is no part of the record's identity.
    flags: fc.nat({ max: 63 }),
    body: attributeValueArbitrary,
    attributes: attributesArbitrary,
    resourceAttributes: attributesArbitrary,
    scopeAttributes: attributesArbitrary,
    droppedAttributes: small,
    serviceName: textArbitrary,
    scopeName: textArbitrary,
    scopeVersion: textArbitrary,
    dialect: textArbitrary,
    fact: fc.constantFrom(...logFacts),
    conversationId: textArbitrary,
    userId: textArbitrary,
    agentName: textArbitrary,
    provider: textArbitrary,
    modelRequested: textArbitrary,
    modelAnswered: textArbitrary,
    toolName: textArbitrary,
    toolCallId: textArbitrary,
    responseId: textArbitrary,
    errorType: textArbitrary,
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
    durationMs: fc.option(finite),
    content: fc.array(
      fc.record({
        slot: fc.constantFrom(...contentSlots),
        key: textArbitrary,
        format: fc.constantFrom('text', 'json', 'flat'),
        body: textArbitrary,
      }),
      { maxLength: 3 },
    ),
    messageSlot: fc.constantFrom('', ...contentSlots),
    evaluation: fc.record({
      name: textArbitrary,
      score: fc.option(finite),
      label: textArbitrary,
      explanation: textArbitrary,
    }),
  })
  .map(toLog);

const buckets = fc.record({
  offset: fc.integer(),
  counts: fc.array(uint64, { maxLength: 4 }),
});

/** The name is given by the test. */
export const pointArbitrary: fc.Arbitrary<MetricPoint> = fc
  .record({
    description: textArbitrary,
    unit: textArbitrary,
    type: fc.constantFrom(...metricTypes),
    temporality: fc.constantFrom(...temporalities),
    isMonotonic: fc.boolean(),
    startTimeUnixNano: time,
    timeUnixNano: time,
    attributes: attributesArbitrary,
    resourceAttributes: attributesArbitrary,
    scopeAttributes: attributesArbitrary,
    serviceName: textArbitrary,
    scopeName: textArbitrary,
    scopeVersion: textArbitrary,
    flags: fc.nat({ max: 63 }),
    value: fc.option(finite),
    valueInt: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    count: fc.option(uint64),
    sum: fc.option(finite),
    min: fc.option(finite),
    max: fc.option(finite),
    bucketCounts: fc.array(uint64, { maxLength: 4 }),
    explicitBounds: fc.array(fc.oneof(finite, fc.constantFrom(Infinity, -Infinity)), {
      maxLength: 4,
    }),
    exponential: fc.option(
      fc.record({
        scale: fc.integer({ min: -10, max: 20 }),
        zeroCount: uint64,
        zeroThreshold: finite,
        positive: buckets,
        negative: buckets,
      }),
    ),
    quantiles: fc.array(fc.record({ quantile: finite, value: finite }), { maxLength: 3 }),
    exemplars: fc.array(
      fc.record({
        timeUnixNano: time,
        value: fc.option(finite),
        traceId: fc.constantFrom('', oneSpan.traceId),
        spanId: fc.constantFrom('', oneSpan.spanId),
        attributes: attributesArbitrary,
      }),
      { maxLength: 3 },
    ),
  })
  .map(toPoint);
