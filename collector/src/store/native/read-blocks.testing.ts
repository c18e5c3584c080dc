/** The cells of Native blocks as text, written apart from the columns it tests. */
import type { Block } from './block.ts';

export type Rows = readonly Readonly<Record<string, unknown>>[];

/**
 * Table -> rows, each a column name -> cell; 64-bit numbers are bigint, maps are lists of pairs in their order. Cells
 * that say nothing are left out, since a block may leave out their column.
 */
export function readBlocks(blocks: readonly Block[]): Record<string, Rows> {
  return Object.fromEntries(blocks.map((block) => [block.table, readBlock(block)]));
}

function readBlock({ pieces }: Block): Rows {
  const cursor = new Cursor(Buffer.concat(pieces));
  const width = cursor.varint();
  const rows = cursor.varint();
  const columns = Array.from({ length: width }, () => {
    const name = cursor.text();
    const type = cursor.text();
    readPrefix(cursor, type);
    return { name, type, cells: readColumn(cursor, type, rows) };
  });
  if (!cursor.isAtEnd()) throw new Error('bytes are left behind the last column');
  return Array.from({ length: rows }, (_, row) =>
    Object.fromEntries(
      columns
        .filter(({ type, cells }) => says(type, cells[row]))
        .map(({ name, cells }) => [name, cells[row]]),
    ),
  );
}

/** Where NULL is possible, 0 is something else. */
function says(type: string, cell: unknown): boolean {
  if (type.startsWith('Nullable(')) return cell !== null;
  if (Array.isArray(cell)) return cell.length > 0;
  return cell !== '' && cell !== 0 && cell !== 0n;
}

function readPrefix(cursor: Cursor, type: string): void {
  const inner = innerTypes(type);
  if (type.startsWith('LowCardinality')) cursor.take(8);
  else for (const one of inner) readPrefix(cursor, one);
}

function innerTypes(type: string): string[] {
  const map = /^Map\((LowCardinality\(String\)), (.*)\)$/.exec(type);
  if (map !== null) return [map[1] ?? '', map[2] ?? ''];
  const one = /^(?:Array|Nullable)\((.*)\)$/.exec(type);
  return one === null ? [] : [one[1] ?? ''];
}

function readColumn(cursor: Cursor, type: string, rows: number): unknown[] {
  const [first = '', second = ''] = innerTypes(type);
  if (type.startsWith('LowCardinality')) return readWords(cursor, rows);
  if (type.startsWith('Map(')) {
    const ends = readEnds(cursor, rows);
    const count = ends.at(-1) ?? 0;
    const keys = readColumn(cursor, first, count);
    const values = readColumn(cursor, second, count);
    return split(
      ends,
      keys.map((key, at) => [key, values[at]]),
    );
  }
  if (type.startsWith('Array(')) {
    const ends = readEnds(cursor, rows);
    return split(ends, readColumn(cursor, first, ends.at(-1) ?? 0));
  }
  if (type.startsWith('Nullable(')) {
    const nulls = repeat(rows, () => cursor.take(1).readUInt8());
    return readColumn(cursor, first, rows).map((cell, row) => (nulls[row] === 1 ? null : cell));
  }
  return repeat(rows, () => readCell(cursor, type));
}

function readCell(cursor: Cursor, type: string): unknown {
  if (type === 'String') return cursor.text();
  if (type === 'UInt8') return cursor.take(1).readUInt8();
  if (type.startsWith('Enum8')) return cursor.take(1).readInt8();
  if (type === 'UInt16') return cursor.take(2).readUInt16LE();
  if (type === 'UInt32' || type.startsWith('DateTime(')) return cursor.take(4).readUInt32LE();
  if (type === 'Int32') return cursor.take(4).readInt32LE();
  if (type === 'Float64') return cursor.take(8).readDoubleLE();
  if (/^(UInt64|Int64|DateTime64|Decimal)/.test(type)) return cursor.take(8).readBigUInt64LE();
  throw new Error(`no reader for a column of type ${type}`);
}

function readWords(cursor: Cursor, rows: number): string[] {
  if (rows === 0) return [];
  const width = 1 << (Number(cursor.take(8).readBigUInt64LE()) & 0xff);
  const keys = repeat(Number(cursor.take(8).readBigUInt64LE()), () => cursor.text());
  if (Number(cursor.take(8).readBigUInt64LE()) !== rows) throw new Error('rows are missing');
  return repeat(rows, () => {
    const key = keys[cursor.take(width).readUIntLE(0, width)];
    if (key === undefined) throw new Error('a number is beyond the dictionary');
    return key;
  });
}

function readEnds(cursor: Cursor, rows: number): number[] {
  return repeat(rows, () => Number(cursor.take(8).readBigUInt64LE()));
}

function split<T>(ends: readonly number[], items: readonly T[]): T[][] {
  return ends.map((end, row) => items.slice(row === 0 ? 0 : ends[row - 1], end));
}

function repeat<T>(count: number, read: () => T): T[] {
  return Array.from({ length: count }, () => read());
}

class Cursor {
  private readonly bytes: Buffer;
  private at = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.at === this.bytes.length;
  }

  take(count: number): Buffer {
    if (this.at + count > this.bytes.length) throw new Error('the block ends too early');
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
  }

  varint(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.take(1).readUInt8();
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  }

  text(): string {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      this.take(this.varint()),
    );
  }
}
