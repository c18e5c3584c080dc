/** Repeated numbers of a protobuf message, which come packed into one field or one by one. */
import { MalformedBodyError } from './request.ts';
import type { NumberBudget } from './decoded-metrics.ts';
import { tagOf, wire, type WireReader } from './wire-reader.ts';

/** True when the field was `field` and was read. */
export function readFixed64s(
  reader: WireReader,
  field: number,
  into: bigint[],
  budget: NumberBudget,
): boolean {
  if (reader.tag === tagOf(field, wire.fixed64)) {
    budget.spend(1);
    into.push(reader.fixed64());
    return true;
  }
  if (reader.tag !== tagOf(field, wire.bytes)) return false;
  const packed = readPacked(reader, budget);
  for (let at = 0; at < packed.length; at += 8) into.push(packed.readBigUInt64LE(at));
  return true;
}

export function readDoubles(
  reader: WireReader,
  field: number,
  into: number[],
  budget: NumberBudget,
): boolean {
  if (reader.tag === tagOf(field, wire.fixed64)) {
    budget.spend(1);
    into.push(reader.double());
    return true;
  }
  if (reader.tag !== tagOf(field, wire.bytes)) return false;
  const packed = readPacked(reader, budget);
  for (let at = 0; at < packed.length; at += 8) into.push(packed.readDoubleLE(at));
  return true;
}

export function readVarints(
  reader: WireReader,
  field: number,
  into: bigint[],
  budget: NumberBudget,
): boolean {
  if (reader.tag === tagOf(field, wire.varint)) {
    budget.spend(1);
    into.push(BigInt.asUintN(64, BigInt(reader.int64())));
    return true;
  }
  if (reader.tag !== tagOf(field, wire.bytes)) return false;
  const packed = reader.view();
  let at = 0;
  while (at < packed.length) {
    budget.spend(1);
    at = pushVarint(packed, at, into);
  }
  return true;
}

/** Numbers of eight bytes each. */
function readPacked(reader: WireReader, budget: NumberBudget): Buffer {
  const packed = reader.view();
  if (packed.length % 8 !== 0) {
    throw new MalformedBodyError('packed numbers end in the middle of one');
  }
  budget.spend(packed.length / 8);
  return packed;
}

function pushVarint(packed: Buffer, start: number, into: bigint[]): number {
  let low = 0;
  let at = start;
  // Nearly all counts are small.
  for (let shift = 0; shift < 28 && at < packed.length; shift += 7) {
    const byte = packed[at++] ?? 0;
    low |= (byte & 127) << shift;
    if (byte < 128) {
      into.push(BigInt(low));
      return at;
    }
  }
  let value = BigInt(low);
  for (let shift = 28n; shift < 70n && at < packed.length; shift += 7n) {
    const byte = packed[at++] ?? 0;
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) {
      into.push(BigInt.asUintN(64, value));
      return at;
    }
  }
  throw new MalformedBodyError('packed numbers end in the middle of one');
}
