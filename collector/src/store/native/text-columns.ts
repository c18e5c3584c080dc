import { ByteBuffer, fewCells } from './byte-buffer.ts';
import { uint64, type Column } from './column.ts';
import { TextTable } from './text-table.ts';

/** Texts that rarely repeat. */
export class StringColumn implements Column {
  readonly type = 'String';
  rows = 0;
  readonly isNeeded = false;
  private readonly cells: ByteBuffer;

  constructor(capacity = 16 * 1024) {
    this.cells = new ByteBuffer(capacity);
  }

  set(row: number, text: string): void {
    this.begin(row).text(text);
  }

  /** UTF-8: the caller has looked. */
  setBytes(row: number, bytes: Uint8Array, start: number, end: number): void {
    const cells = this.begin(row);
    cells.varint(end - start);
    cells.copy(bytes, start, end);
  }

  /** The same, of a source that has a view. */
  setBytesView(row: number, source: Buffer, view: DataView, start: number, end: number): void {
    const cells = this.begin(row);
    cells.varint(end - start);
    cells.copyView(source, view, start, end);
  }

  /** A length and so many bytes, as protobuf writes a string, is a cell already. */
  setCell(row: number, bytes: Uint8Array, start: number, end: number): void {
    this.begin(row).copy(bytes, start, end);
  }

  /** The same, of a source that has a view. */
  setCellView(row: number, source: Buffer, view: DataView, start: number, end: number): void {
    this.begin(row).copyView(source, view, start, end);
  }

  /** For so many cells that the caller writes itself, one after the other. */
  beginMany(count: number): ByteBuffer {
    this.rows += count;
    return this.cells;
  }

  /** For a cell that the caller writes itself: exactly one, length first. */
  begin(row: number): ByteBuffer {
    if (row !== this.rows) this.fill(row);
    this.rows += 1;
    return this.cells;
  }

  push(text: string): void {
    this.set(this.rows, text);
  }

  fill(rows: number): void {
    if (rows <= this.rows) return;
    this.cells.zeros(rows - this.rows);
    this.rows = rows;
  }

  get byteLength(): number {
    return this.cells.length;
  }

  /** ASCII that was written before, by its place in the column's bytes. */
  latin1(start: number, end: number): string {
    return this.cells.bytes.toString('latin1', start, end);
  }

  writePrefix(): void {}

  writeData(out: Uint8Array[]): void {
    out.push(this.cells.view());
  }

  reset(): void {
    this.rows = 0;
    this.cells.length = 0;
  }

  mark(into: number[]): void {
    into.push(this.rows, this.cells.length);
  }

  rollback(marks: readonly number[], at: number): number {
    this.rows = marks[at] ?? 0;
    this.cells.length = marks[at + 1] ?? 0;
    return at + 2;
  }
}

/** "Version 1" of the format: every block brings its own dictionary. */
const version = uint64(1);
/** The block has its own keys, and they are not the ones of before. Below them stands the width of the numbers. */
const ownKeys = 0x600;
const widths = [Uint8Array, Uint16Array, Uint32Array] as const;
const noPlace = -1;

/** Texts that repeat. The block's dictionary holds those it uses, numbered in the order they came. */
export class LowCardinalityColumn implements Column {
  readonly type = 'LowCardinality(String)';
  rows = 0;
  readonly isNeeded = false;
  private readonly table: TextTable;
  private generation: number;
  /** Number in the table -> place in the dictionary of this block. */
  private places = new Int32Array(256).fill(noPlace);
  private readonly keys: number[] = [];
  private index = new Uint32Array(1_024);
  /** The list that was pushed last, and from which row on: rows that repeat it are copies of those. */
  private lastNumbers: Int32Array | null = null;
  private lastRow = 0;
  /** For the block: made anew with each, in the same memory. */
  private narrow = new ArrayBuffer(0);
  private readonly dictionary = new ByteBuffer(256);

  constructor(table: TextTable) {
    this.table = table;
    this.generation = table.generation;
  }

  set(row: number, text: string): void {
    this.setNumber(row, this.table.numberOf(text));
  }

  /** @param number of the text table that all columns of a batch share */
  setNumber(row: number, number: number): void {
    if (row !== this.rows) this.fill(row);
    this.append(this.placeOf(number));
  }

  push(text: string): void {
    this.append(this.placeOf(this.table.numberOf(text)));
  }

  pushNumber(number: number): void {
    this.append(this.placeOf(number));
  }

  /** @param numbers known again as the same list, so it must never change */
  pushNumbers(numbers: Int32Array): void {
    const count = numbers.length;
    const first = this.rows;
    this.grow(first + count);
    const { index } = this;
    let row = first;
    if (numbers === this.lastNumbers) {
      const from = this.lastRow;
      for (let at = 0; at < count; at += 1) index[row++] = index[from + at] ?? 0;
    } else {
      for (let at = 0; at < count; at += 1) index[row++] = this.placeOf(numbers[at] ?? 0);
      this.lastNumbers = numbers;
      this.lastRow = first;
    }
    this.rows = row;
  }

  private append(place: number): void {
    if (this.rows === this.index.length) this.grow(this.rows + 1);
    this.index[this.rows++] = place;
  }

  fill(rows: number): void {
    if (rows <= this.rows) return;
    this.grow(rows);
    const place = this.placeOf(TextTable.empty);
    const { index } = this;
    if (rows - this.rows < fewCells)
      for (let row = this.rows; row < rows; row += 1) index[row] = place;
    else index.fill(place, this.rows, rows);
    this.rows = rows;
  }

  private grow(rows: number): void {
    if (rows <= this.index.length) return;
    const grown = new Uint32Array(Math.max(rows, this.index.length * 2));
    grown.set(this.index.subarray(0, this.rows));
    this.index = grown;
  }

  private placeOf(number: number): number {
    if (number >= this.places.length) this.growPlaces(number);
    const known = this.places[number] ?? noPlace;
    if (known !== noPlace) return known;
    const place = this.keys.length;
    this.keys.push(number);
    this.places[number] = place;
    return place;
  }

  private growPlaces(number: number): void {
    const grown = new Int32Array(Math.max(number + 1, this.places.length * 2)).fill(noPlace);
    grown.set(this.places);
    this.places = grown;
  }

  writePrefix(out: Uint8Array[]): void {
    out.push(version);
  }

  /** Nothing at all for no rows. */
  writeData(out: Uint8Array[]): void {
    if (this.rows === 0) return;
    const width = this.keys.length <= 0x100 ? 0 : this.keys.length <= 0x1_0000 ? 1 : 2;
    const { dictionary, table, rows } = this;
    dictionary.length = 0;
    dictionary.uint64(ownKeys | width);
    dictionary.uint64(this.keys.length);
    for (const number of this.keys) table.writeTo(dictionary, number);
    dictionary.uint64(rows);
    out.push(dictionary.view());
    const index = this.index.subarray(0, rows);
    const narrow = width === 2 ? index : this.toNarrow(index, width);
    out.push(new Uint8Array(narrow.buffer, narrow.byteOffset, narrow.byteLength));
  }

  private toNarrow(index: Uint32Array, width: 0 | 1): Uint8Array | Uint16Array {
    const bytes = index.length << width;
    if (this.narrow.byteLength < bytes) this.narrow = new ArrayBuffer(bytes * 2);
    const narrow = new widths[width](this.narrow, 0, index.length);
    narrow.set(index);
    return narrow;
  }

  reset(): void {
    if (this.generation === this.table.generation) {
      for (const number of this.keys) this.places[number] = noPlace;
    } else {
      this.generation = this.table.generation;
      this.places = new Int32Array(256).fill(noPlace);
    }
    this.keys.length = 0;
    this.rows = 0;
    this.lastNumbers = null;
  }

  /** Keys of rows that are taken back stay in the dictionary: it may hold more than is used. */
  mark(into: number[]): void {
    into.push(this.rows);
  }

  rollback(marks: readonly number[], at: number): number {
    this.rows = marks[at] ?? 0;
    this.lastNumbers = null;
    return at + 1;
  }
}
