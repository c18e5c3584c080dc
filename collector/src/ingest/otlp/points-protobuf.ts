/** The four messages that points come in; they have most fields in common, and no field number. */
import type { Quantile } from '../../metric-point.ts';
import type { AttributeValue } from '../../span.ts';
import {
  emptyPoint,
  type DecodedExemplar,
  type DecodedPoint,
  type NumberBudget,
} from './decoded-metrics.ts';
import { readDoubles, readFixed64s, readVarints } from './packed-numbers.ts';
import { readKeyValue } from './protobuf-values.ts';
import type { Losses } from './request.ts';
import { tagOf, wire, type WireReader } from './wire-reader.ts';

export function readNumberPoint(reader: WireReader, losses: Losses): DecodedPoint {
  const cutsBefore = losses.cuts;
  const attributes = new Map<string, AttributeValue>();
  const exemplars: DecodedExemplar[] = [];
  const point = { ...emptyPoint };
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(2, wire.fixed64):
        point.startTimeUnixNano = reader.fixed64();
        break;
      case tagOf(3, wire.fixed64):
        point.timeUnixNano = reader.fixed64();
        break;
      case tagOf(4, wire.fixed64):
        point.value = reader.double();
        point.valueInt = null;
        break;
      case tagOf(5, wire.bytes):
        exemplars.push(readExemplar(reader.message(), losses));
        break;
      case tagOf(6, wire.fixed64):
        point.valueInt = BigInt.asIntN(64, reader.fixed64());
        point.value = Number(point.valueInt);
        break;
      case tagOf(7, wire.bytes):
        readKeyValue(reader.message(), attributes, losses, 0);
        break;
      case tagOf(8, wire.varint):
        point.flags = reader.uint32();
        break;
      default:
        reader.skip();
    }
  }
  return { ...point, attributes, exemplars, quantiles: [], cut: losses.cuts > cutsBefore };
}

export function readHistogramPoint(
  reader: WireReader,
  losses: Losses,
  budget: NumberBudget,
): DecodedPoint {
  const cutsBefore = losses.cuts;
  const attributes = new Map<string, AttributeValue>();
  const exemplars: DecodedExemplar[] = [];
  const bucketCounts: bigint[] = [];
  const explicitBounds: number[] = [];
  const point = { ...emptyPoint, count: 0n };
  while (reader.next()) {
    if (readFixed64s(reader, 6, bucketCounts, budget)) continue;
    if (readDoubles(reader, 7, explicitBounds, budget)) continue;
    switch (reader.tag) {
      case tagOf(2, wire.fixed64):
        point.startTimeUnixNano = reader.fixed64();
        break;
      case tagOf(3, wire.fixed64):
        point.timeUnixNano = reader.fixed64();
        break;
      case tagOf(4, wire.fixed64):
        point.count = reader.fixed64();
        break;
      case tagOf(5, wire.fixed64):
        point.sum = reader.double();
        break;
      case tagOf(8, wire.bytes):
        exemplars.push(readExemplar(reader.message(), losses));
        break;
      case tagOf(9, wire.bytes):
        readKeyValue(reader.message(), attributes, losses, 0);
        break;
      case tagOf(10, wire.varint):
        point.flags = reader.uint32();
        break;
      case tagOf(11, wire.fixed64):
        point.min = reader.double();
        break;
      case tagOf(12, wire.fixed64):
        point.max = reader.double();
        break;
      default:
        reader.skip();
    }
  }
  const cut = losses.cuts > cutsBefore;
  return { ...point, attributes, exemplars, bucketCounts, explicitBounds, quantiles: [], cut };
}

export function readExponentialPoint(
  reader: WireReader,
  losses: Losses,
  budget: NumberBudget,
): DecodedPoint {
  const cutsBefore = losses.cuts;
  const attributes = new Map<string, AttributeValue>();
  const exemplars: DecodedExemplar[] = [];
  const point = { ...emptyPoint, count: 0n };
  const none = { offset: 0, counts: [] as readonly bigint[] };
  const exponential = { scale: 0, zeroCount: 0n, zeroThreshold: 0, positive: none, negative: none };
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(1, wire.bytes):
        readKeyValue(reader.message(), attributes, losses, 0);
        break;
      case tagOf(2, wire.fixed64):
        point.startTimeUnixNano = reader.fixed64();
        break;
      case tagOf(3, wire.fixed64):
        point.timeUnixNano = reader.fixed64();
        break;
      case tagOf(4, wire.fixed64):
        point.count = reader.fixed64();
        break;
      case tagOf(5, wire.fixed64):
        point.sum = reader.double();
        break;
      case tagOf(6, wire.varint):
        exponential.scale = readSigned(reader);
        break;
      case tagOf(7, wire.fixed64):
        exponential.zeroCount = reader.fixed64();
        break;
      case tagOf(8, wire.bytes):
        exponential.positive = readBuckets(reader.message(), budget);
        break;
      case tagOf(9, wire.bytes):
        exponential.negative = readBuckets(reader.message(), budget);
        break;
      case tagOf(10, wire.varint):
        point.flags = reader.uint32();
        break;
      case tagOf(11, wire.bytes):
        exemplars.push(readExemplar(reader.message(), losses));
        break;
      case tagOf(12, wire.fixed64):
        point.min = reader.double();
        break;
      case tagOf(13, wire.fixed64):
        point.max = reader.double();
        break;
      case tagOf(14, wire.fixed64):
        exponential.zeroThreshold = reader.double();
        break;
      default:
        reader.skip();
    }
  }
  const cut = losses.cuts > cutsBefore;
  return { ...point, attributes, exemplars, exponential, quantiles: [], cut };
}

export function readSummaryPoint(reader: WireReader, losses: Losses): DecodedPoint {
  const cutsBefore = losses.cuts;
  const attributes = new Map<string, AttributeValue>();
  const quantiles: Quantile[] = [];
  const point = { ...emptyPoint, count: 0n, sum: 0 };
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(2, wire.fixed64):
        point.startTimeUnixNano = reader.fixed64();
        break;
      case tagOf(3, wire.fixed64):
        point.timeUnixNano = reader.fixed64();
        break;
      case tagOf(4, wire.fixed64):
        point.count = reader.fixed64();
        break;
      case tagOf(5, wire.fixed64):
        point.sum = reader.double();
        break;
      case tagOf(6, wire.bytes):
        quantiles.push(readQuantile(reader.message()));
        break;
      case tagOf(7, wire.bytes):
        readKeyValue(reader.message(), attributes, losses, 0);
        break;
      case tagOf(8, wire.varint):
        point.flags = reader.uint32();
        break;
      default:
        reader.skip();
    }
  }
  return { ...point, attributes, quantiles, exemplars: [], cut: losses.cuts > cutsBefore };
}

function readExemplar(reader: WireReader, losses: Losses): DecodedExemplar {
  const attributes = new Map<string, AttributeValue>();
  const exemplar = { timeUnixNano: 0n, value: null as number | null, traceId: '', spanId: '' };
  while (reader.next()) {
    switch (reader.tag) {
      case tagOf(2, wire.fixed64):
        exemplar.timeUnixNano = reader.fixed64();
        break;
      case tagOf(3, wire.fixed64):
        exemplar.value = reader.double();
        break;
      case tagOf(4, wire.bytes):
        exemplar.spanId = reader.hex();
        break;
      case tagOf(5, wire.bytes):
        exemplar.traceId = reader.hex();
        break;
      case tagOf(6, wire.fixed64):
        exemplar.value = Number(BigInt.asIntN(64, reader.fixed64()));
        break;
      case tagOf(7, wire.bytes):
        readKeyValue(reader.message(), attributes, losses, 0);
        break;
      default:
        reader.skip();
    }
  }
  return { ...exemplar, attributes };
}

function readBuckets(
  reader: WireReader,
  budget: NumberBudget,
): { offset: number; counts: readonly bigint[] } {
  const counts: bigint[] = [];
  let offset = 0;
  while (reader.next()) {
    if (readVarints(reader, 2, counts, budget)) continue;
    if (reader.tag === tagOf(1, wire.varint)) offset = readSigned(reader);
    else reader.skip();
  }
  return { offset, counts };
}

function readQuantile(reader: WireReader): Quantile {
  const quantile = { quantile: 0, value: 0 };
  while (reader.next()) {
    if (reader.tag === tagOf(1, wire.fixed64)) quantile.quantile = reader.double();
    else if (reader.tag === tagOf(2, wire.fixed64)) quantile.value = reader.double();
    else reader.skip();
  }
  return quantile;
}

/** sint32: the sign is in the lowest bit. */
function readSigned(reader: WireReader): number {
  const value = reader.uint32() >>> 0;
  return (value >>> 1) ^ -(value & 1);
}
