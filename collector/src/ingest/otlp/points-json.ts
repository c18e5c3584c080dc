/** Points in JSON: unlike in protobuf, a field has the same name in each of their messages. */
import type {
  ExponentialBuckets,
  ExponentialFigures,
  MetricType,
  Quantile,
} from '../../metric-point.ts';
import {
  emptyPoint,
  type DecodedExemplar,
  type DecodedPoint,
  type NumberBudget,
} from './decoded-metrics.ts';
import {
  readDouble,
  readIntValue,
  readList,
  readObject,
  readString,
  readTime,
  readTime as readUint64,
  readUint32,
  type JsonObject,
} from './json-fields.ts';
import { readAttributes } from './json-values.ts';
import type { Losses } from './request.ts';

export function readPoint(
  source: JsonObject,
  type: MetricType,
  losses: Losses,
  budget: NumberBudget,
): DecodedPoint {
  const cutsBefore = losses.cuts;
  const shared = {
    ...emptyPoint,
    startTimeUnixNano: readTime(source['startTimeUnixNano'], 'startTimeUnixNano'),
    timeUnixNano: readTime(source['timeUnixNano'], 'timeUnixNano'),
    attributes: readAttributes(source['attributes'], losses),
    exemplars: readList(source['exemplars'], 'exemplars').map((item) =>
      readExemplar(readObject(item, 'an exemplar'), losses),
    ),
    quantiles: [],
    flags: readUint32(source['flags'], 'flags'),
    cut: losses.cuts > cutsBefore,
  };
  switch (type) {
    case 'gauge':
    case 'sum':
      return { ...shared, ...readValue(source) };
    case 'histogram':
      return { ...shared, ...readTotals(source), ...readBounds(source, budget) };
    case 'exponential_histogram':
      return { ...shared, ...readTotals(source), exponential: readExponential(source, budget) };
    default:
      return { ...shared, ...readSummary(source) };
  }
}

/** An int where 64 bits can hold it; senders write larger ones too. */
function readValue(source: JsonObject): Pick<DecodedPoint, 'value' | 'valueInt'> {
  if (!isSet(source['asInt'])) return { value: readOptional(source, 'asDouble'), valueInt: null };
  const int = readIntValue(source['asInt'], 'asInt');
  const exact = typeof int === 'bigint' || Number.isSafeInteger(int);
  return { value: Number(int), valueInt: exact ? BigInt(int) : null };
}

function readTotals(source: JsonObject): Pick<DecodedPoint, 'count' | 'sum' | 'min' | 'max'> {
  return {
    count: readUint64(source['count'], 'count'),
    sum: readOptional(source, 'sum'),
    min: readOptional(source, 'min'),
    max: readOptional(source, 'max'),
  };
}

function readBounds(
  source: JsonObject,
  budget: NumberBudget,
): Pick<DecodedPoint, 'bucketCounts' | 'explicitBounds'> {
  const bounds = readList(source['explicitBounds'], 'explicitBounds');
  budget.spend(bounds.length);
  return {
    bucketCounts: readCounts(source['bucketCounts'], budget),
    explicitBounds: bounds.map((bound) => readDouble(bound, 'explicitBounds')),
  };
}

function readCounts(source: unknown, budget: NumberBudget): bigint[] {
  const counts = readList(source, 'bucketCounts');
  budget.spend(counts.length);
  return counts.map((count) => readUint64(count, 'bucketCounts'));
}

function readExponential(source: JsonObject, budget: NumberBudget): ExponentialFigures {
  return {
    scale: readInt32(source['scale'], 'scale'),
    zeroCount: readUint64(source['zeroCount'], 'zeroCount'),
    zeroThreshold: readOptional(source, 'zeroThreshold') ?? 0,
    positive: readBuckets(readObject(source['positive'], 'positive'), budget),
    negative: readBuckets(readObject(source['negative'], 'negative'), budget),
  };
}

function readBuckets(source: JsonObject, budget: NumberBudget): ExponentialBuckets {
  return {
    offset: readInt32(source['offset'], 'offset'),
    counts: readCounts(source['bucketCounts'], budget),
  };
}

function readSummary(source: JsonObject): Pick<DecodedPoint, 'count' | 'sum' | 'quantiles'> {
  const quantiles = readList(source['quantileValues'], 'quantileValues').map((item): Quantile => {
    const one = readObject(item, 'a quantile');
    return {
      quantile: readOptional(one, 'quantile') ?? 0,
      value: readOptional(one, 'value') ?? 0,
    };
  });
  return {
    count: readUint64(source['count'], 'count'),
    sum: readOptional(source, 'sum') ?? 0,
    quantiles,
  };
}

function readExemplar(source: JsonObject, losses: Losses): DecodedExemplar {
  return {
    timeUnixNano: readTime(source['timeUnixNano'], 'exemplar.timeUnixNano'),
    value: readValue(source).value,
    traceId: readString(source['traceId'], 'exemplar.traceId').toLowerCase(),
    spanId: readString(source['spanId'], 'exemplar.spanId').toLowerCase(),
    attributes: readAttributes(source['filteredAttributes'], losses),
  };
}

function readInt32(source: unknown, what: string): number {
  return Number(BigInt.asIntN(32, BigInt(Math.trunc(Number(readIntValue(source, what))))));
}

function readOptional(source: JsonObject, field: string): number | null {
  return isSet(source[field]) ? readDouble(source[field], field) : null;
}

function isSet(value: unknown): boolean {
  return value !== null && value !== undefined;
}
