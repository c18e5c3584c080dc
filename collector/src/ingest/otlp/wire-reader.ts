import { MalformedBodyError, maxMessages, TooManyMessagesError } from './request.ts';

/** Protobuf wire types; 3 and 4 (groups) are not part of OTLP and are refused. */
export const wire = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** `switch (reader.tag)` over these: a known field in an unexpected wire type is then simply an unknown field. */
export function tagOf(field: number, wireType: number): number {
  return field * 8 + wireType;
}

/**
 * Walks the fields of one protobuf message. Every length is checked against the end of the message it is in, and
 * every step moves forward, so no input can make it read outside its bytes or loop.
 */
export class WireReader {
  tag = 0;
  private readonly bytes: Buffer;
  private position: number;
  private readonly end: number;
  /** Shared by all readers of a body. */
  private readonly budget: { messages: number };

  constructor(bytes: Buffer, start = 0, end = bytes.length, budget = { messages: maxMessages }) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
    this.budget = budget;
  }

  /** Moves to the next field; false at the end of the message. */
  next(): boolean {
    if (this.position >= this.end) return false;
    this.tag = Number(this.uint64());
    if (this.tag < 8 || this.tag > 0xffff_ffff) {
      throw new MalformedBodyError('a field number is out of range');
    }
    return true;
  }

  skip(): void {
    switch (this.tag % 8) {
      case wire.varint:
        this.uint64();
        return;
      case wire.fixed64:
        this.take(8);
        return;
      case wire.bytes:
        this.take(this.length());
        return;
      case wire.fixed32:
        this.take(4);
        return;
      default:
        throw new MalformedBodyError(`wire type ${this.tag % 8} is not used by OTLP`);
    }
  }

  bool(): boolean {
    return Number(this.uint64()) !== 0;
  }

  /** Larger values keep their low 32 bits, as protobuf says. */
  uint32(): number {
    const value = this.uint64();
    return typeof value === 'number' ? value : Number(BigInt.asUintN(32, value));
  }

  /** A number while it is exact, a bigint beyond. */
  int64(): number | bigint {
    const value = this.uint64();
    if (typeof value === 'number') return value;
    const signed = BigInt.asIntN(64, value);
    return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
  }

  fixed64(): bigint {
    return this.bytes.readBigUInt64LE(this.take(8));
  }

  fixed32(): number {
    return this.bytes.readUInt32LE(this.take(4));
  }

  double(): number {
    return this.bytes.readDoubleLE(this.take(8));
  }

  /** Invalid UTF-8 becomes U+FFFD: one bad string must not cost a batch. */
  text(): string {
    return this.slice((start, end) => this.bytes.toString('utf8', start, end));
  }

  hex(): string {
    return this.slice((start, end) => this.bytes.toString('hex', start, end));
  }

  base64(): string {
    return this.slice((start, end) => this.bytes.toString('base64', start, end));
  }

  /** Bytes that are no message, such as packed numbers: a view of the body. */
  view(): Buffer {
    return this.slice((start, end) => this.bytes.subarray(start, end));
  }

  message(): WireReader {
    if (this.budget.messages-- <= 0) throw new TooManyMessagesError();
    return this.slice((start, end) => new WireReader(this.bytes, start, end, this.budget));
  }

  /** Where the message lies, for whoever reads it later. */
  messageBounds(): readonly [start: number, end: number] {
    if (this.budget.messages-- <= 0) throw new TooManyMessagesError();
    return this.slice((start, end) => [start, end]);
  }

  /** The same for a long list of them, start and end of each. */
  pushBounds(into: number[]): void {
    if (this.budget.messages-- <= 0) throw new TooManyMessagesError();
    const length = this.length();
    const start = this.take(length);
    into.push(start, start + length);
  }

  private slice<T>(read: (start: number, end: number) => T): T {
    const length = this.length();
    const start = this.take(length);
    return read(start, start + length);
  }

  private length(): number {
    const length = Number(this.uint64());
    if (length > this.end - this.position) throw truncated();
    return length;
  }

  private take(count: number): number {
    const start = this.position;
    if (count > this.end - start) throw truncated();
    this.position = start + count;
    return start;
  }

  /** Up to four bytes, which nearly all are, without a bigint. */
  private uint64(): number | bigint {
    let value = 0;
    for (let shift = 0; shift < 28; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    return this.longUint64(BigInt(value));
  }

  private longUint64(low: bigint): bigint {
    let value = low;
    for (let shift = 28n; shift < 70n; shift += 7n) {
      const byte = this.byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new MalformedBodyError('a number is longer than ten bytes');
  }

  private byte(): number {
    const byte = this.position < this.end ? this.bytes[this.position++] : undefined;
    if (byte === undefined) throw truncated();
    return byte;
  }
}

function truncated(): MalformedBodyError {
  return new MalformedBodyError('the message ends in the middle of a field');
}
