import { fewCells } from './byte-buffer.ts';
import type { Column } from './column.ts';

const widths = {
  UInt8: 1,
  Enum8: 1,
  UInt16: 2,
  UInt32: 4,
  Int32: 4,
  DateTime: 4,
  Float64: 8,
} as const;

const firstRows = 1_024;

/** Numbers that JavaScript holds exactly. The caller keeps them within their type. */
export class NumberColumn implements Column {
  readonly type: string;
  rows = 0;
  readonly isNeeded: boolean;
  private readonly width: number;
  private readonly byDefault: number;
  private capacity = 0;
  private buffer = new ArrayBuffer(0);
  /** One view for each width: an engine compiles a store to an array of one type far better than to any of five. */
  private bytes = new Uint8Array(0);
  private halves = new Uint16Array(0);
  private words = new Uint32Array(0);
  private doubles = new Float64Array(0);

  /** @param type as in the table, when it says more than the kind: `DateTime('UTC')`, `Enum8(...)` */
  constructor(kind: keyof typeof widths, type: string = kind, byDefault = 0) {
    this.type = type;
    this.byDefault = byDefault;
    this.isNeeded = byDefault !== 0;
    this.width = widths[kind];
    this.allocate(firstRows);
  }

  private allocate(rows: number): void {
    const before = this.bytes;
    this.capacity = rows;
    this.buffer = new ArrayBuffer(rows * this.width);
    this.bytes = new Uint8Array(this.buffer);
    this.bytes.set(before);
    if (this.width === 2) this.halves = new Uint16Array(this.buffer);
    else if (this.width === 4) this.words = new Uint32Array(this.buffer);
    else if (this.width === 8) this.doubles = new Float64Array(this.buffer);
  }

  set(row: number, value: number): void {
    if (row !== this.rows) this.fill(row);
    if (this.rows === this.capacity) this.grow(this.rows + 1);
    const at = this.rows++;
    if (this.width === 1) this.bytes[at] = value;
    else if (this.width === 4) this.words[at] = value;
    else if (this.width === 2) this.halves[at] = value;
    else this.doubles[at] = value;
  }

  /** At the end: for columns inside arrays. */
  push(value: number): void {
    this.set(this.rows, value);
  }

  fill(rows: number): void {
    if (rows <= this.rows) return;
    if (rows - this.rows < fewCells) {
      while (this.rows < rows) this.set(this.rows, this.byDefault);
      return;
    }
    this.grow(rows);
    const { byDefault } = this;
    if (this.width === 1) this.bytes.fill(byDefault, this.rows, rows);
    else if (this.width === 4) this.words.fill(byDefault, this.rows, rows);
    else if (this.width === 2) this.halves.fill(byDefault, this.rows, rows);
    else this.doubles.fill(byDefault, this.rows, rows);
    this.rows = rows;
  }

  private grow(rows: number): void {
    if (rows > this.capacity) this.allocate(Math.max(rows, this.capacity * 2));
  }

  writePrefix(): void {}

  writeData(out: Uint8Array[]): void {
    out.push(new Uint8Array(this.buffer, 0, this.rows * this.width));
  }

  reset(): void {
    this.rows = 0;
  }

  mark(into: number[]): void {
    into.push(this.rows);
  }

  rollback(marks: readonly number[], at: number): number {
    this.rows = marks[at] ?? 0;
    return at + 1;
  }
}

const half = 0x1_0000_0000;

/**
 * Int64, UInt64, DateTime64 and Decimal(18, x): sixty-four bits as two halves, so that nanoseconds of the wire are
 * copied without a bigint for each.
 */
export class Int64Column implements Column {
  readonly type: string;
  rows = 0;
  readonly isNeeded = false;
  private data = new Uint32Array(2 * firstRows);

  constructor(type: string) {
    this.type = type;
  }

  setHalves(row: number, low: number, high: number): void {
    if (row !== this.rows) this.fill(row);
    const at = this.rows * 2;
    if (at === this.data.length) this.grow(this.rows + 1);
    this.data[at] = low;
    this.data[at + 1] = high;
    this.rows += 1;
  }

  /** A whole number within 2^53 of zero. */
  setNumber(row: number, value: number): void {
    this.setHalves(row, value, Math.floor(value / half));
  }

  setBigInt(row: number, value: bigint): void {
    this.setHalves(row, Number(value & 0xffff_ffffn), Number((value >> 32n) & 0xffff_ffffn));
  }

  pushHalves(low: number, high: number): void {
    this.setHalves(this.rows, low, high);
  }

  fill(rows: number): void {
    if (rows <= this.rows) return;
    this.grow(rows);
    const { data } = this;
    const end = rows * 2;
    if (rows - this.rows < fewCells) for (let at = this.rows * 2; at < end; at += 1) data[at] = 0;
    else data.fill(0, this.rows * 2, end);
    this.rows = rows;
  }

  private grow(rows: number): void {
    if (rows * 2 <= this.data.length) return;
    const grown = new Uint32Array(Math.max(rows * 2, this.data.length * 2));
    grown.set(this.data.subarray(0, this.rows * 2));
    this.data = grown;
  }

  writePrefix(): void {}

  writeData(out: Uint8Array[]): void {
    out.push(new Uint8Array(this.data.buffer, 0, this.rows * 8));
  }

  reset(): void {
    this.rows = 0;
  }

  mark(into: number[]): void {
    into.push(this.rows);
  }

  rollback(marks: readonly number[], at: number): number {
    this.rows = marks[at] ?? 0;
    return at + 1;
  }
}

/** A row that is not set is NULL. */
export class NullableColumn<C extends NumberColumn | Int64Column> implements Column {
  readonly type: string;
  readonly values: C;
  readonly isNeeded = false;
  private readonly isNull = new NumberColumn('UInt8', 'UInt8', 1);

  constructor(values: C) {
    this.type = `Nullable(${values.type})`;
    this.values = values;
  }

  get rows(): number {
    return this.isNull.rows;
  }

  /** Call it together with the value's own setter. */
  setPresent(row: number): C {
    this.isNull.set(row, 0);
    return this.values;
  }

  fill(rows: number): void {
    this.isNull.fill(rows);
    this.values.fill(rows);
  }

  writePrefix(): void {}

  writeData(out: Uint8Array[]): void {
    this.isNull.writeData(out);
    this.values.writeData(out);
  }

  reset(): void {
    this.isNull.reset();
    this.values.reset();
  }

  mark(into: number[]): void {
    this.isNull.mark(into);
    this.values.mark(into);
  }

  rollback(marks: readonly number[], at: number): number {
    return this.values.rollback(marks, this.isNull.rollback(marks, at));
  }
}
