/** Repeated numbers of a protobuf message, which come packed into one field or one by one. */
import { MalformedBodyError } from './request.ts';
import type { NumberBudget } from './decoded-metrics.ts';
import { tagOf, wire, type WireReader } from './wire-reader.ts';

export type PackedSource = { readonly body: Buffer; readonly budget: NumberBudget };

/** True when the field was `field` and was read. */
export function readFixed64s(
  reader: WireReader,
  field: number,
  into: bigint[],
  { body, budget }: PackedSource,
): boolean {
  if (reader.tag === tagOf(field, wire.fixed64)) {
    budget.spend(1);
    into.push(reader.fixed64());
    return true;
  }
  if (reader.tag !== tagOf(field, wire.bytes)) return false;
  const [start, end] = readBounds(reader, 8, budget);
  for (let at = start; at < end; at += 8) into.push(body.readBigUInt64LE(at));
  return true;
}

export function readDoubles(
  reader: WireReader,
  field: number,
  into: number[],
  { body, budget }: PackedSource,
): boolean {
  if (reader.tag === tagOf(field, wire.fixed64)) {
    budget.spend(1);
    into.push(reader.double());
    return true;
  }
  if (reader.tag !== tagOf(field, wire.bytes)) return false;
  const [start, end] = readBounds(reader, 8, budget);
  for (let at = start; at < end; at += 8) into.push(body.readDoubleLE(at));
  return true;
}

export function readVarints(
  reader: WireReader,
  field: number,
  into: bigint[],
  { body, budget }: PackedSource,
): boolean {
  if (reader.tag === tagOf(field, wire.varint)) {
    budget.spend(1);
    into.push(BigInt.asUintN(64, BigInt(reader.int64())));
    return true;
  }
  if (reader.tag !== tagOf(field, wire.bytes)) return false;
  const [start, end] = reader.messageBounds();
  let at = start;
  while (at < end) {
    budget.spend(1);
    at = pushVarint(body, at, end, into);
  }
  return true;
}

function readBounds(
  reader: WireReader,
  width: number,
  budget: NumberBudget,
): readonly [start: number, end: number] {
  const [start, end] = reader.messageBounds();
  if ((end - start) % width !== 0) {
    throw new MalformedBodyError('packed numbers end in the middle of one');
  }
  budget.spend((end - start) / width);
  return [start, end];
}

function pushVarint(body: Buffer, start: number, end: number, into: bigint[]): number {
  let low = 0;
  let at = start;
  // Nearly all counts are small.
  for (let shift = 0; shift < 28 && at < end; shift += 7) {
    const byte = body[at++] ?? 0;
    low |= (byte & 127) << shift;
    if (byte < 128) {
      into.push(BigInt(low));
      return at;
    }
  }
  let value = BigInt(low);
  for (let shift = 28n; shift < 70n && at < end; shift += 7n) {
    const byte = body[at++] ?? 0;
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) {
      into.push(BigInt.asUintN(64, value));
      return at;
    }
  }
  throw new MalformedBodyError('packed numbers end in the middle of one');
}
