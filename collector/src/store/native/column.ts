/**
 * A column that is being filled, row after row. Rows may be left out: they hold the column's default, and a column
 * that nobody writes to costs nothing until its block is made.
 */
export type Column = {
  /** As the table says it. */
  readonly type: string;
  /** Rows written, defaults between them included. */
  readonly rows: number;
  /** The table's default is another: the column must be in every block, also when no row was written. */
  readonly isNeeded: boolean;
  /** Defaults up to so many rows. */
  fill(rows: number): void;
  /** What stands before the data of the column, once a block. */
  writePrefix(out: Uint8Array[]): void;
  /** Views of the column's memory. */
  writeData(out: Uint8Array[]): void;
  reset(): void;
  /** Appends what `rollback` needs. */
  mark(into: number[]): void;
  /** Takes from `marks`, from `at` on, what `mark` appended; returns where the next column's begin. */
  rollback(marks: readonly number[], at: number): number;
};

/** Native writes whole numbers of eight bytes where counts stand. */
export function uint64(value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, value >>> 0, true);
  view.setUint32(4, Math.floor(value / 4_294_967_296), true);
  return bytes;
}
