/** ExportMetricsServiceRequest in protobuf. Field numbers are those of opentelemetry/proto/metrics/v1/metrics.proto. */
import type { MetricType } from '../../metric-point.ts';
import { NumberBudget, type DecodedMetric, type DecodedPoint } from './decoded-metrics.ts';
import type { DecodedEnvelope } from './envelope.ts';
import { decodeProtobufEnvelope } from './envelope-protobuf.ts';
import {
  readExponentialPoint,
  readHistogramPoint,
  readNumberPoint,
  readSummaryPoint,
} from './points-protobuf.ts';
import type { Losses } from './request.ts';
import { tagOf, wire, type WireReader } from './wire-reader.ts';

/** @throws MalformedBodyError, TooManyMessagesError */
export function decodeProtobufMetrics(body: Buffer): DecodedEnvelope<DecodedMetric> {
  const budget = new NumberBudget();
  return decodeProtobufEnvelope(body, (reader, losses) => readMetric(reader, losses, budget));
}

type ReadPoint = (reader: WireReader, losses: Losses, budget: NumberBudget) => DecodedPoint;

const kinds: ReadonlyMap<number, readonly [type: MetricType, read: ReadPoint]> = new Map([
  [tagOf(5, wire.bytes), ['gauge', readNumberPoint]],
  [tagOf(7, wire.bytes), ['sum', readNumberPoint]],
  [tagOf(9, wire.bytes), ['histogram', readHistogramPoint]],
  [tagOf(10, wire.bytes), ['exponential_histogram', readExponentialPoint]],
  [tagOf(11, wire.bytes), ['summary', readSummaryPoint]],
]);

type Data = Pick<DecodedMetric, 'type' | 'temporality' | 'isMonotonic' | 'points'>;

function readMetric(reader: WireReader, losses: Losses, budget: NumberBudget): DecodedMetric {
  const head = { name: '', description: '', unit: '' };
  let data: Data = { type: null, temporality: 0, isMonotonic: false, points: [] };
  while (reader.next()) {
    const kind = kinds.get(reader.tag);
    if (kind !== undefined) data = readData(reader.message(), losses, budget, kind);
    else if (reader.tag === tagOf(1, wire.bytes)) head.name = reader.text();
    else if (reader.tag === tagOf(2, wire.bytes)) head.description = reader.text();
    else if (reader.tag === tagOf(3, wire.bytes)) head.unit = reader.text();
    else reader.skip();
  }
  return { ...head, ...data, unreadable: [] };
}

function readData(
  reader: WireReader,
  losses: Losses,
  budget: NumberBudget,
  [type, read]: readonly [MetricType, ReadPoint],
): Data {
  const points: DecodedPoint[] = [];
  let temporality = 0;
  let isMonotonic = false;
  while (reader.next()) {
    if (reader.tag === tagOf(1, wire.bytes)) points.push(read(reader.message(), losses, budget));
    else if (reader.tag === tagOf(2, wire.varint)) temporality = reader.uint32();
    else if (reader.tag === tagOf(3, wire.varint)) isMonotonic = reader.bool();
    else reader.skip();
  }
  return { type, temporality, isMonotonic, points };
}
