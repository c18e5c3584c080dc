import type { Column } from './column.ts';
import { Int64Column } from './number-columns.ts';

/** Where the elements of each row end, counted from the first row of the block. */
class Offsets {
  private readonly ends = new Int64Column('UInt64');
  private last = 0;

  get rows(): number {
    return this.ends.rows;
  }

  fill(rows: number): void {
    while (this.ends.rows < rows) this.ends.pushHalves(this.last, 0);
  }

  end(row: number, elements: number): void {
    this.fill(row);
    this.ends.pushHalves(elements, 0);
    this.last = elements;
  }

  writeData(out: Uint8Array[]): void {
    this.ends.writeData(out);
  }

  reset(): void {
    this.ends.reset();
    this.last = 0;
  }

  mark(into: number[]): void {
    this.ends.mark(into);
    into.push(this.last);
  }

  rollback(marks: readonly number[], at: number): number {
    const next = this.ends.rollback(marks, at);
    this.last = marks[next] ?? 0;
    return next + 1;
  }
}

/** Push a row's elements to `items`, then `end` the row. */
export class ArrayColumn<C extends Column> implements Column {
  readonly type: string;
  readonly items: C;
  readonly isNeeded = false;
  private readonly offsets = new Offsets();

  constructor(items: C) {
    this.type = `Array(${items.type})`;
    this.items = items;
  }

  get rows(): number {
    return this.offsets.rows;
  }

  end(row: number): void {
    this.offsets.end(row, this.items.rows);
  }

  fill(rows: number): void {
    this.offsets.fill(rows);
  }

  writePrefix(out: Uint8Array[]): void {
    this.items.writePrefix(out);
  }

  writeData(out: Uint8Array[]): void {
    this.offsets.writeData(out);
    this.items.writeData(out);
  }

  reset(): void {
    this.offsets.reset();
    this.items.reset();
  }

  mark(into: number[]): void {
    this.offsets.mark(into);
    this.items.mark(into);
  }

  rollback(marks: readonly number[], at: number): number {
    return this.items.rollback(marks, this.offsets.rollback(marks, at));
  }
}

/** Push a row's keys and values, then `end` the row. */
export class MapColumn<K extends Column, V extends Column> implements Column {
  readonly type: string;
  readonly keys: K;
  readonly values: V;
  readonly isNeeded = false;
  private readonly offsets = new Offsets();

  constructor(keys: K, values: V) {
    this.type = `Map(${keys.type}, ${values.type})`;
    this.keys = keys;
    this.values = values;
  }

  get rows(): number {
    return this.offsets.rows;
  }

  end(row: number): void {
    this.offsets.end(row, this.keys.rows);
  }

  fill(rows: number): void {
    this.offsets.fill(rows);
  }

  writePrefix(out: Uint8Array[]): void {
    this.keys.writePrefix(out);
    this.values.writePrefix(out);
  }

  writeData(out: Uint8Array[]): void {
    this.offsets.writeData(out);
    this.keys.writeData(out);
    this.values.writeData(out);
  }

  reset(): void {
    this.offsets.reset();
    this.keys.reset();
    this.values.reset();
  }

  mark(into: number[]): void {
    this.offsets.mark(into);
    this.keys.mark(into);
    this.values.mark(into);
  }

  rollback(marks: readonly number[], at: number): number {
    return this.values.rollback(marks, this.keys.rollback(marks, this.offsets.rollback(marks, at)));
  }
}
