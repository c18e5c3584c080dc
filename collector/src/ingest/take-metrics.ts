import { pointFlags } from '../metric-point.ts';
import type { Batch, Stamp } from '../store/native/batch.ts';
import { decodeJsonMetrics } from './otlp/decode-metrics-json.ts';
import { decodeProtobufMetrics } from './otlp/decode-metrics-protobuf.ts';
import type { DecodedMetric } from './otlp/decoded-metrics.ts';
import type { DecodedEnvelope } from './otlp/envelope.ts';
import type { Encoding, Outcome } from './replies.ts';
import {
  reject,
  takeRecords,
  type DecodedRecords,
  type RecordParts,
  type Tally,
} from './take-records.ts';
import { toPoint, type PointContext } from './to-point/to-point.ts';
import { readResource, readScope } from './to-span/read-resource.ts';

/**
 * Resolves when every point of the body that means something is on disk; the outcome counts the others.
 * @param body released as soon as they are rows
 */
export function takeMetrics(
  body: Buffer,
  encoding: Encoding,
  projectId: string,
  parts: RecordParts,
): Promise<Outcome> {
  return takeRecords(body, () => decode(body, encoding, projectId), projectId, parts);
}

function decode(body: Buffer, encoding: Encoding, projectId: string): DecodedRecords {
  const isJson = encoding === 'application/json';
  const request = isJson ? decodeJsonMetrics(body) : decodeProtobufMetrics(body);
  return {
    noun: 'data points',
    count: countPoints(request),
    warnings: request.warnings,
    addTo: (batch, stamp, tally) => addAll(request, projectId, batch, stamp, tally),
  };
}

function* addAll(
  request: DecodedEnvelope<DecodedMetric>,
  projectId: string,
  batch: Batch,
  stamp: Stamp,
  tally: Tally,
): Generator<void> {
  for (const { scopes, ...decodedResource } of request.resources) {
    const resource = readResource(decodedResource);
    for (const decodedScope of scopes) {
      for (const reason of decodedScope.unreadable) reject(tally, reason);
      const scope = readScope({ ...decodedScope, spans: [] });
      for (const metric of decodedScope.records) {
        yield* addMetric(metric, { projectId, resource, scope }, batch, stamp, tally);
      }
    }
  }
}

function* addMetric(
  metric: DecodedMetric,
  context: PointContext,
  batch: Batch,
  stamp: Stamp,
  tally: Tally,
): Generator<void> {
  for (const reason of metric.unreadable) reject(tally, reason);
  if (metric.type === null) return;
  for (const [at, decoded] of metric.points.entries()) {
    const result = toPoint(metric, metric.type, decoded, context);
    if (result.ok) {
      batch.addPoint(result.point, stamp);
      tally.accepted += 1;
      if ((result.point.flags & pointFlags.truncated) !== 0) tally.cut += 1;
    } else reject(tally, result.reason);
    if (at % 32 === 31) yield;
  }
}

function countPoints({ resources }: DecodedEnvelope<DecodedMetric>): number {
  let count = 0;
  for (const { scopes } of resources)
    for (const { records, unreadable } of scopes) {
      count += unreadable.length;
      for (const metric of records) count += metric.points.length + metric.unreadable.length;
    }
  return count;
}
