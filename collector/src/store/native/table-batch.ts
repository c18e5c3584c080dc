/** The columns of one table, filled together and made into a block. */
import type { Block, TelemetryTable } from './block.ts';
import { ByteBuffer } from './byte-buffer.ts';
import type { Column } from './column.ts';

/** What stands before a column in a block: its name and type. */
type Named = { readonly title: Uint8Array; readonly column: Column };

function toNamed(name: string, column: Column): Named {
  const title = new ByteBuffer(64);
  title.text(name);
  title.text(column.type);
  return { title: title.view(), column };
}

export class TableBatch<C extends Readonly<Record<string, Column>>> {
  readonly columns: C;
  /** Rows begun; a column may lag behind. */
  rows = 0;
  private readonly table: TelemetryTable;
  private readonly named: readonly Named[];
  private readonly head = new ByteBuffer(16);

  constructor(table: TelemetryTable, columns: C) {
    this.table = table;
    this.columns = columns;
    this.named = Object.entries(columns).map(([name, column]) => toNamed(name, column));
  }

  /** The next row's number, for the columns' setters. */
  addRow(): number {
    return this.rows++;
  }

  /** Views of the columns' memory: valid until `reset`. */
  toBlock(): Block {
    // ClickHouse fills in what a block does not bring: most spans have no use for most columns.
    const written = this.named.filter(({ column }) => column.rows > 0 || column.isNeeded);
    this.head.length = 0;
    this.head.varint(written.length);
    this.head.varint(this.rows);
    const pieces: Uint8Array[] = [this.head.view()];
    for (const { title, column } of written) {
      pieces.push(title);
      column.fill(this.rows);
      column.writePrefix(pieces);
      column.writeData(pieces);
    }
    return { table: this.table, rows: this.rows, pieces };
  }

  reset(): void {
    this.rows = 0;
    for (const { column } of this.named) column.reset();
  }

  /** Every request marks every table, and touches one or two: an empty one has nothing to remember. */
  mark(into: number[]): void {
    into.push(this.rows);
    if (this.rows === 0) return;
    for (const { column } of this.named) column.mark(into);
  }

  rollback(marks: readonly number[], at: number): number {
    const rows = marks[at] ?? 0;
    let next = at + 1;
    if (rows === 0) {
      this.reset();
      return next;
    }
    this.rows = rows;
    for (const { column } of this.named) next = column.rollback(marks, next);
    return next;
  }
}
