/** Lists of a sliding read by group, and what is in the order of its windows. */
import { inSlices, type Turn } from '../turn.ts';
import type { ListColumn, NativeColumn, TextColumn } from './read-native.ts';

/** By name of the column; all of one length. */
export type Lists = {
  readonly places: (column: string) => Uint32Array;
  readonly numbers: (column: string) => Float64Array;
};

/** @param columns `name`, then lists of those of `names` */
export function toListsByGroup(
  columns: readonly NativeColumn[],
  names: readonly string[],
): Map<string, Lists> {
  const [groups, ...lists] = columns as [TextColumn, ...ListColumn[]];
  if (columns.length === 0) return new Map();
  const byGroup = new Map<string, Lists>();
  for (const [row, text] of groups.index.entries()) {
    const pick = (column: string): ListColumn['items'] => {
      const { starts, items } = lists[names.indexOf(column)] ?? noList;
      return items.subarray(starts[row], starts[row + 1]);
    };
    byGroup.set(groups.texts[text] ?? '', {
      places: (column) => pick(column) as Uint32Array,
      numbers: (column) => pick(column) as Float64Array,
    });
  }
  return byGroup;
}

const noList: ListColumn = { starts: [], items: new Float64Array(0) };

export const noLists: Lists = {
  places: () => new Uint32Array(0),
  numbers: () => new Float64Array(0),
};

export type RowOrder = {
  /** Where the rows of a key begin in the order; one more than there are keys. */
  readonly starts: Uint32Array;
  readonly order: Uint32Array;
};

/** Rows by their key, from 0 to below `keys`. */
export async function toOrder(keyOf: Uint32Array, keys: number, turn: Turn): Promise<RowOrder> {
  const starts = new Uint32Array(keys + 1);
  await inSlices(turn, keyOf.length, (from, until) => {
    for (let row = from; row < until; row += 1) {
      const next = (keyOf[row] ?? 0) + 1;
      starts[next] = (starts[next] ?? 0) + 1;
    }
  });
  for (let key = 0; key < keys; key += 1)
    starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  const next = starts.slice();
  const order = new Uint32Array(keyOf.length);
  await inSlices(turn, keyOf.length, (from, until) => {
    for (let row = from; row < until; row += 1) {
      const key = keyOf[row] ?? 0;
      const place = next[key] ?? 0;
      order[place] = row;
      next[key] = place + 1;
    }
  });
  return { starts, order };
}
