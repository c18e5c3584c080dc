/** Rows of a sliding read by group, and by the window where they enter or leave. Pure. */
import type { NativeColumn, TextColumn } from './read-native.ts';

export type PlacedRows = {
  readonly enters: Uint32Array;
  readonly leaves: Uint32Array;
  /** By name of the column. */
  readonly numbers: Readonly<Record<string, Float64Array>>;
};

/** @param columns `name`, `enters`, `leaves`, then those of `names` */
export function toRowsByGroup(
  columns: readonly NativeColumn[],
  names: readonly string[],
): Map<string, PlacedRows> {
  const [groups, enters, leaves, ...numbers] = columns as [
    TextColumn,
    Uint32Array,
    Uint32Array,
    ...Float64Array[],
  ];
  if (columns.length === 0) return new Map();
  const { starts, order } = toOrder(groups.index, groups.texts.length);
  const byGroup = new Map<string, PlacedRows>();
  for (const [code, group] of groups.texts.entries()) {
    const rows = order.subarray(starts[code], starts[code + 1]);
    // A dictionary of the store always has the empty text.
    if (rows.length === 0) continue;
    const pick = (column: Float64Array = new Float64Array(0)): Float64Array =>
      Float64Array.from(rows, (row) => column[row] ?? 0);
    byGroup.set(group, {
      enters: Uint32Array.from(rows, (row) => enters[row] ?? 0),
      leaves: Uint32Array.from(rows, (row) => leaves[row] ?? 0),
      numbers: Object.fromEntries(names.map((name, at) => [name, pick(numbers[at])])),
    });
  }
  return byGroup;
}

export type RowOrder = {
  /** Where the rows of a key begin in the order; one more than there are keys. */
  readonly starts: Uint32Array;
  readonly order: Uint32Array;
};

/** Rows by their key, from 0 to below `keys`. */
export function toOrder(keyOf: Int32Array | Uint32Array, keys: number): RowOrder {
  const starts = new Uint32Array(keys + 1);
  for (const key of keyOf) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  for (let key = 0; key < keys; key += 1)
    starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  const next = starts.slice();
  const order = new Uint32Array(keyOf.length);
  for (let row = 0; row < keyOf.length; row += 1) {
    const key = keyOf[row] ?? 0;
    const place = next[key] ?? 0;
    order[place] = row;
    next[key] = place + 1;
  }
  return { starts, order };
}

/** What happens to a window that moves on: rows that it takes in at a place, and rows that it lets go. */
export function toMoves({ enters, leaves }: Pick<PlacedRows, 'enters' | 'leaves'>, count: number) {
  const [come, go] = [toOrder(enters, count + 1), toOrder(leaves, count + 1)];
  const at = ({ starts, order }: RowOrder, place: number): Uint32Array =>
    order.subarray(starts[place], starts[place + 1]);
  return {
    entering: (place: number): Uint32Array => at(come, place),
    leaving: (place: number): Uint32Array => at(go, place),
  };
}
