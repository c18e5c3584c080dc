/** A decoded point of a metric becomes a canonical one, or a reason why it cannot. */
import {
  pointFlags,
  temporalities,
  type Exemplar,
  type ExponentialFigures,
  type MetricPoint,
  type MetricType,
} from '../../metric-point.ts';
import type { DecodedExemplar, DecodedMetric, DecodedPoint } from '../otlp/decoded-metrics.ts';
import {
  cutAttributes,
  cutText,
  maxAttributeBytes,
  maxNameBytes,
  newCuts,
} from '../to-span/limits.ts';
import type { Cuts } from '../to-span/limits.ts';
import { flagIf } from '../to-span/read-flags.ts';
import { isSpanId, isTraceId } from '../to-span/read-ids.ts';
import type { Resource, Scope } from '../to-span/read-resource.ts';

export type PointContext = {
  readonly projectId: string;
  readonly resource: Resource;
  readonly scope: Scope;
};

export type ToPointResult =
  | { readonly ok: true; readonly point: MetricPoint }
  | { readonly ok: false; readonly reason: string };

/** Buckets and exemplars of one point. */
const maxBuckets = 10_000;
const maxExemplars = 100;

export function toPoint(
  metric: DecodedMetric,
  type: MetricType,
  decoded: DecodedPoint,
  { projectId, resource, scope }: PointContext,
): ToPointResult {
  const reason = findFault(metric, decoded);
  if (reason !== null) return { ok: false, reason };
  const cuts = newCuts();
  const point = {
    projectId,
    name: cutText(metric.name, maxNameBytes, cuts),
    description: cutText(metric.description, maxNameBytes, cuts),
    unit: cutText(metric.unit, maxNameBytes, cuts),
    type,
    temporality: temporalities[metric.temporality] ?? 'unspecified',
    isMonotonic: metric.isMonotonic,
    startTimeUnixNano: decoded.startTimeUnixNano,
    timeUnixNano: decoded.timeUnixNano,
    attributes: cutAttributes(decoded.attributes, cuts, maxAttributeBytes),
    resourceAttributes: resource.resourceAttributes,
    scopeAttributes: scope.scopeAttributes,
    serviceName: resource.serviceName,
    scopeName: scope.scopeName,
    scopeVersion: scope.scopeVersion,
    ...toFigures(decoded),
    exemplars: decoded.exemplars.slice(0, maxExemplars).map((one) => toExemplar(one, cuts)),
  };
  const isCut = cuts.truncated || decoded.cut || decoded.exemplars.length > maxExemplars;
  const flags =
    (decoded.flags & pointFlags.noRecordedValue) |
    resource.flags |
    scope.flags |
    flagIf(pointFlags.truncated, isCut);
  return { ok: true, point: { ...point, flags } };
}

function findFault({ name }: DecodedMetric, point: DecodedPoint): string | null {
  if (name === '') return 'a metric must have a name';
  if (point.timeUnixNano === 0n) return 'timeUnixNano must be set';
  const { bucketCounts, explicitBounds, exponential } = point;
  if (bucketCounts.length > maxBuckets || countBuckets(exponential) > maxBuckets)
    return `a point may have ${maxBuckets} buckets`;
  // Neither is how a histogram without buckets is written.
  if (bucketCounts.length > 0 && bucketCounts.length !== explicitBounds.length + 1)
    return 'bucketCounts must be one more than explicitBounds';
  if (!rises(explicitBounds)) return 'explicitBounds must rise';
  return null;
}

function countBuckets(exponential: ExponentialFigures | null): number {
  if (exponential === null) return 0;
  return exponential.positive.counts.length + exponential.negative.counts.length;
}

function rises(bounds: readonly number[]): boolean {
  return bounds.every((bound, at) => !Number.isNaN(bound) && (bounds[at - 1] ?? -Infinity) < bound);
}

/** A number that cannot be added is none: one NaN would make every sum NaN. */
function toFigures(decoded: DecodedPoint) {
  const { exponential } = decoded;
  return {
    value: toFinite(decoded.value),
    valueInt: decoded.valueInt,
    count: decoded.count,
    sum: toFinite(decoded.sum),
    min: toFinite(decoded.min),
    max: toFinite(decoded.max),
    bucketCounts: decoded.bucketCounts,
    explicitBounds: decoded.bucketCounts.length === 0 ? [] : decoded.explicitBounds,
    exponential: exponential && {
      ...exponential,
      zeroThreshold: toFinite(exponential.zeroThreshold) ?? 0,
    },
    quantiles: decoded.quantiles.filter(
      ({ quantile, value }) => toFinite(quantile) !== null && toFinite(value) !== null,
    ),
  };
}

function toFinite(value: number | null): number | null {
  return value !== null && Number.isFinite(value) ? value : null;
}

function toExemplar(exemplar: DecodedExemplar, cuts: Cuts): Exemplar {
  const { traceId, spanId } = exemplar;
  const isLinked = isTraceId(traceId) && isSpanId(spanId);
  return {
    timeUnixNano: exemplar.timeUnixNano,
    value: toFinite(exemplar.value),
    traceId: isLinked ? traceId : '',
    spanId: isLinked ? spanId : '',
    attributes: cutAttributes(exemplar.attributes, cuts),
  };
}
