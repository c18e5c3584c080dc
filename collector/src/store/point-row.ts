/** The only place where a row becomes a point of a metric again. */
import type {
  Exemplar,
  ExponentialFigures,
  MetricPoint,
  MetricType,
  Temporality,
} from '../metric-point.ts';
import { fromAttributesJson } from './attribute-text.ts';
import {
  count,
  countOrNull,
  mapColumns,
  text,
  textOrNull,
  texts,
  toAttributes,
  type SpanRow,
} from './from-row.ts';

/** What to select, so that `fromPointRow` can read it. */
export const pointRowColumns = `
  project_id, name, description, unit, toString(type) AS type_word, toString(temporality) AS temporality_word,
  is_monotonic, toString(toUnixTimestamp64Nano(start_time)) AS start_unix_nano,
  toString(toUnixTimestamp64Nano(time)) AS unix_nano, flags, ${mapColumns('attribute')},
  ${mapColumns('resource_attribute')}, ${mapColumns('scope_attribute')}, service_name, scope_name, scope_version,
  value, toString(value_int) AS value_int_text, toString(count) AS count_text, sum, min, max,
  arrayMap(n -> toString(n), bucket_counts) AS bucket_texts, arrayMap(n -> toString(n), explicit_bounds) AS bound_texts,
  scale, toString(zero_count) AS zero_count_text, zero_threshold,
  positive_offset, arrayMap(n -> toString(n), positive_counts) AS positive_texts,
  negative_offset, arrayMap(n -> toString(n), negative_counts) AS negative_texts, quantiles, quantile_values,
  arrayMap(t -> toString(toUnixTimestamp64Nano(t)), exemplar_times) AS exemplar_unix_nanos,
  arrayMap(n -> toString(n), exemplar_values) AS exemplar_texts,
  exemplar_trace_ids, exemplar_span_ids, exemplar_attributes, toString(series) AS series_id`;

export function fromPointRow(row: SpanRow): MetricPoint {
  const quantileValues = numbers(row, 'quantile_values');
  return {
    projectId: text(row, 'project_id'),
    name: text(row, 'name'),
    description: text(row, 'description'),
    unit: text(row, 'unit'),
    type: text(row, 'type_word') as MetricType,
    temporality: text(row, 'temporality_word') as Temporality,
    isMonotonic: count(row, 'is_monotonic') === 1,
    startTimeUnixNano: BigInt(text(row, 'start_unix_nano')),
    timeUnixNano: BigInt(text(row, 'unix_nano')),
    flags: count(row, 'flags'),
    attributes: toAttributes(row, 'attribute'),
    resourceAttributes: toAttributes(row, 'resource_attribute'),
    scopeAttributes: toAttributes(row, 'scope_attribute'),
    serviceName: text(row, 'service_name'),
    scopeName: text(row, 'scope_name'),
    scopeVersion: text(row, 'scope_version'),
    value: countOrNull(row, 'value'),
    valueInt: bigintOrNull(row, 'value_int_text'),
    count: bigintOrNull(row, 'count_text'),
    sum: countOrNull(row, 'sum'),
    min: countOrNull(row, 'min'),
    max: countOrNull(row, 'max'),
    bucketCounts: texts(row, 'bucket_texts').map(BigInt),
    explicitBounds: texts(row, 'bound_texts').map(toDouble),
    exponential: row['scale'] === null ? null : toExponential(row),
    quantiles: numbers(row, 'quantiles').map((quantile, at) => ({
      quantile,
      value: quantileValues[at] ?? 0,
    })),
    exemplars: toExemplars(row),
  };
}

function toExponential(row: SpanRow): ExponentialFigures {
  return {
    scale: count(row, 'scale'),
    zeroCount: BigInt(text(row, 'zero_count_text')),
    zeroThreshold: count(row, 'zero_threshold'),
    positive: {
      offset: count(row, 'positive_offset'),
      counts: texts(row, 'positive_texts').map(BigInt),
    },
    negative: {
      offset: count(row, 'negative_offset'),
      counts: texts(row, 'negative_texts').map(BigInt),
    },
  };
}

function toExemplars(row: SpanRow): Exemplar[] {
  const values = texts(row, 'exemplar_texts');
  const traceIds = texts(row, 'exemplar_trace_ids');
  const spanIds = texts(row, 'exemplar_span_ids');
  const attributes = texts(row, 'exemplar_attributes');
  return texts(row, 'exemplar_unix_nanos').map((time, at) => ({
    timeUnixNano: BigInt(time),
    value: values[at] === 'nan' ? null : Number(values[at]),
    traceId: traceIds[at] ?? '',
    spanId: spanIds[at] ?? '',
    attributes: fromAttributesJson(attributes[at] ?? ''),
  }));
}

/** JSON has no word for the infinite: such columns are selected as text. */
function toDouble(text: string): number {
  if (text === 'inf') return Infinity;
  return text === '-inf' ? -Infinity : Number(text);
}

function numbers(row: SpanRow, name: string): number[] {
  return texts(row, name).map(Number);
}

function bigintOrNull(row: SpanRow, name: string): bigint | null {
  const value = textOrNull(row, name);
  return value === null ? null : BigInt(value);
}
