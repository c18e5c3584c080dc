/** The columns of one table, filled together and made into a block. */
import type { Block, TelemetryTable } from './block.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';

export class TableBatch<C extends Readonly<Record<string, Column>>> {
  readonly columns: C;
  /** Rows begun; a column may lag behind. */
  rows = 0;
  private readonly table: TelemetryTable;
  private readonly named: readonly (readonly [name: string, column: Column])[];

  constructor(table: TelemetryTable, columns: C) {
    this.table = table;
    this.columns = columns;
    this.named = Object.entries(columns);
  }

  /** The next row's number, for the columns' setters. */
  addRow(): number {
    return this.rows++;
  }

  /** Views of the columns' memory: valid until `reset`. */
  toBlock(): Block {
    // ClickHouse fills in what a block does not bring: most spans have no use for most columns.
    const written = this.named.filter(([, column]) => column.rows > 0 || column.isNeeded);
    const head = new ByteBuffer(64);
    head.varint(written.length);
    head.varint(this.rows);
    const pieces: Uint8Array[] = [head.view()];
    for (const [name, column] of written) {
      const title = new ByteBuffer(64);
      title.text(name);
      title.text(column.type);
      pieces.push(title.view());
      column.fill(this.rows);
      column.writePrefix(pieces);
      column.writeData(pieces);
    }
    return { table: this.table, rows: this.rows, pieces };
  }

  reset(): void {
    this.rows = 0;
    for (const [, column] of this.named) column.reset();
  }

  /** Every request marks every table, and touches one or two: an empty one has nothing to remember. */
  mark(into: number[]): void {
    into.push(this.rows);
    if (this.rows === 0) return;
    for (const [, column] of this.named) column.mark(into);
  }

  rollback(marks: readonly number[], at: number): number {
    const rows = marks[at] ?? 0;
    let next = at + 1;
    if (rows === 0) {
      this.reset();
      return next;
    }
    this.rows = rows;
    for (const [, column] of this.named) next = column.rollback(marks, next);
    return next;
  }
}
