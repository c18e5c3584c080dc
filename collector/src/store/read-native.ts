/**
 * ClickHouse's Native format: blocks of whole columns. Less work than JSON for the store and for us, and texts that
 * repeat become numbers on the way. Knows the types that our queries name and refuses others.
 */
import { inSlices, type Turn } from '../turn.ts';
import { createByteTexts, type ByteTexts } from './byte-texts.ts';

const numberTypes = {
  Int8: Int8Array,
  UInt8: Uint8Array,
  UInt16: Uint16Array,
  UInt32: Uint32Array,
  UInt64: BigUint64Array,
  Int64: BigInt64Array,
  Float64: Float64Array,
  // Whole trillionths.
  'Decimal(18, 12)': BigInt64Array,
  // Sixteen characters as four numbers: two ids are the same when these are.
  'FixedString(16)': Uint32Array,
} as const;
const idBytes = 16;
type NumberType = keyof typeof numberTypes;

/** Each text once; `index` has one entry a row. */
export type TextColumn = { readonly texts: readonly string[]; readonly index: Int32Array };
type NumberColumn = InstanceType<(typeof numberTypes)[NumberType]>;
/** Numbers of all rows, one after the other; `starts` has one entry a row and one more. */
export type ListColumn = { readonly starts: readonly number[]; readonly items: NumberColumn };
export type NativeColumn = NumberColumn | TextColumn | ListColumn;

type Parts =
  | {
      readonly type: 'Array';
      readonly of: NumberType;
      readonly parts: Uint8Array[];
      readonly starts: number[];
    }
  | { readonly type: NumberType; readonly parts: Uint8Array[] }
  | { readonly type: 'String'; readonly parts: Int32Array[]; readonly texts: ByteTexts };

/** In the order of the SELECT; no columns when there were no rows. In turns: an answer may have tens of megabytes. */
export async function readNative(body: Buffer, turn: Turn): Promise<NativeColumn[]> {
  const cursor = new Cursor(body);
  const columns: Parts[] = [];
  while (!cursor.isAtEnd()) {
    const width = cursor.varint();
    const rows = cursor.varint();
    for (let at = 0; at < width; at += 1) {
      if (turn.isOver()) await turn.next();
      cursor.text();
      const type = cursor.text();
      const column = (columns[at] ??= startColumn(type));
      if (column.type === 'String') {
        const isCoded = type === 'LowCardinality(String)';
        column.parts.push((isCoded ? readCoded : readTexts)(cursor, rows, column.texts));
      } else if (column.type === 'Array') {
        const items = readStarts(cursor, rows, column.starts);
        column.parts.push(cursor.bytes(items * widthOf(column.of)));
      } else column.parts.push(cursor.bytes(rows * widthOf(column.type)));
    }
  }
  const joined: NativeColumn[] = [];
  for (const column of columns) joined.push(await join(column, turn));
  return joined;
}

/** One after the other, in turns. */
export async function joinBytes(
  parts: readonly Uint8Array[],
  into: Uint8Array,
  turn: Turn,
): Promise<void> {
  let at = 0;
  for (const part of parts) {
    const copy = (from: number, until: number): void =>
      into.set(part.subarray(from, until), at + from);
    await inSlices(turn, part.length, copy, bytesPerSlice);
    at += part.length;
  }
}

/** Less than a millisecond, also where the memory has never been touched. */
const bytesPerSlice = 1 << 20;

export function lengthOf(parts: readonly { readonly length: number }[]): number {
  return parts.reduce((sum, { length }) => sum + length, 0);
}

function startColumn(type: string): Parts {
  if (type === 'String' || type === 'LowCardinality(String)') {
    return { type: 'String', parts: [], texts: createByteTexts() };
  }
  if (isNumber(type)) return { type, parts: [] };
  const of = /^Array\((.+)\)$/.exec(type)?.[1] ?? '';
  if (isNumber(of)) return { type: 'Array', of, parts: [], starts: [0] };
  throw new Error(`read an answer of the store: no column of type ${type} was asked for`);
}

function isNumber(type: string): type is NumberType {
  return Object.hasOwn(numberTypes, type);
}

function widthOf(type: NumberType): number {
  return type === 'FixedString(16)' ? idBytes : numberTypes[type].BYTES_PER_ELEMENT;
}

async function join(column: Parts, turn: Turn): Promise<NativeColumn> {
  if (column.type === 'String') {
    const index = new Int32Array(lengthOf(column.parts));
    let at = 0;
    for (const part of column.parts) {
      if (turn.isOver()) await turn.next();
      index.set(part, at);
      at += part.length;
    }
    return { texts: column.texts.texts, index };
  }
  if (column.type === 'Array') {
    return { starts: column.starts, items: await joinNumbers(column.of, column.parts, turn) };
  }
  return joinNumbers(column.type, column.parts, turn);
}

/** A copy of its own, so that numbers begin where their width allows. */
async function joinNumbers(
  type: NumberType,
  parts: readonly Uint8Array[],
  turn: Turn,
): Promise<NumberColumn> {
  const bytes = new Uint8Array(lengthOf(parts));
  await joinBytes(parts, bytes, turn);
  return new numberTypes[type](bytes.buffer);
}

/** Of each row where its items end, among those of its block. @returns how many items the block has */
function readStarts(cursor: Cursor, rows: number, starts: number[]): number {
  const before = starts.at(-1) ?? 0;
  let end = 0;
  for (let row = 0; row < rows; row += 1) {
    end = cursor.long();
    starts.push(before + end);
  }
  return end;
}

function readTexts(cursor: Cursor, rows: number, known: ByteTexts): Int32Array {
  return cursor.texts(rows, known);
}

const indexTypes = [Uint8Array, Uint16Array, Uint32Array] as const;

/** A dictionary for each block: eight bytes of version, eight of flags, the texts, and a number a row. */
function readCoded(cursor: Cursor, rows: number, known: ByteTexts): Int32Array {
  if (rows === 0) return new Int32Array(0);
  cursor.bytes(8);
  const Index = indexTypes[cursor.bytes(8)[0] ?? 0];
  if (Index === undefined)
    throw new Error('read an answer of the store: its dictionary is too long');
  const codes = cursor.texts(cursor.long(), known);
  const bytes = cursor.bytes(cursor.long() * Index.BYTES_PER_ELEMENT);
  const places = new Index(new Uint8Array(bytes).buffer);
  const numbers = new Int32Array(places.length);
  for (let row = 0; row < numbers.length; row += 1) numbers[row] = codes[places[row] ?? 0] ?? 0;
  return numbers;
}

class Cursor {
  readonly #body: Buffer;
  #at = 0;

  constructor(body: Buffer) {
    this.#body = body;
  }

  isAtEnd(): boolean {
    return this.#at >= this.#body.length;
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 7) {
      const byte = this.#body[this.#skip(1)] ?? 0;
      value |= (byte & 127) << shift;
      if (byte < 128) break;
    }
    return value;
  }

  bytes(length: number): Uint8Array {
    const from = this.#skip(length);
    return this.#body.subarray(from, from + length);
  }

  /** 64 bits of a length. */
  long(): number {
    return Number(Buffer.from(this.bytes(8)).readBigUInt64LE());
  }

  text(): string {
    return Buffer.from(this.bytes(this.varint())).toString();
  }

  texts(rows: number, known: ByteTexts): Int32Array {
    const numbers = new Int32Array(rows);
    for (let row = 0; row < rows; row += 1) {
      const length = this.varint();
      const from = this.#skip(length);
      numbers[row] = known.toIndex(this.#body, from, from + length);
    }
    return numbers;
  }

  #skip(length: number): number {
    const from = this.#at;
    this.#at += length;
    if (length < 0 || this.#at > this.#body.length) {
      throw new Error('read an answer of the store: it ends too early');
    }
    return from;
  }
}
