/** Rows by span id. Ids are four numbers a row; a table of row numbers finds them without making 100,000 strings. */
const words = 4;

export type IdTable = {
  /** Row of the id that `ids` has at `at`; -1 = none. */
  readonly find: (ids: Uint32Array, at: number) => number;
  /** Makes the row the one of its id. */
  readonly set: (row: number) => void;
};

export function createIdTable(ids: Uint32Array): IdTable {
  const size = 2 ** Math.ceil(Math.log2(ids.length / words + 1) + 1);
  const slots = new Int32Array(size).fill(-1);
  const slotOf = (of: Uint32Array, at: number): number => {
    let slot = hashOf(of, at) & (size - 1);
    for (let row = slots[slot] ?? -1; row >= 0; row = slots[slot] ?? -1) {
      if (isSame(ids, row, of, at)) break;
      slot = (slot + 1) & (size - 1);
    }
    return slot;
  };
  return {
    find: (of, at) => slots[slotOf(of, at)] ?? -1,
    set: (row) => {
      slots[slotOf(ids, row)] = row;
    },
  };
}

export function isEmptyId(ids: Uint32Array, at: number): boolean {
  return ids[at * words] === 0;
}

export function pickIds(ids: Uint32Array, rows: Int32Array): Uint32Array {
  const picked = new Uint32Array(rows.length * words);
  for (let at = 0; at < rows.length; at += 1) {
    const from = (rows[at] ?? 0) * words;
    for (let word = 0; word < words; word += 1) picked[at * words + word] = ids[from + word] ?? 0;
  }
  return picked;
}

/** Sixteen characters each, one after the other. */
export function toIdText(ids: Uint32Array): string {
  return Buffer.from(ids.buffer, ids.byteOffset, ids.byteLength).toString('latin1');
}

function hashOf(ids: Uint32Array, at: number): number {
  const i = at * words;
  let hash = ids[i] ?? 0;
  for (let word = 1; word < words; word += 1)
    hash = Math.imul(hash, 0x9e3779b1) ^ (ids[i + word] ?? 0);
  hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
  return hash ^ (hash >>> 13);
}

function isSame(a: Uint32Array, i: number, b: Uint32Array, j: number): boolean {
  for (let word = 0; word < words; word += 1) {
    if (a[i * words + word] !== b[j * words + word]) return false;
  }
  return true;
}
