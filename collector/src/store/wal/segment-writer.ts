/** The one segment that takes commits. */
import { crc32 } from 'node:zlib';
import type { Block, TelemetryTable } from '../native/block.ts';
import { encodeEntry, type IndexEntry, type IndexPart } from './index-entry.ts';
import { dataPath, indexPath, removeSegment, sumEntries, type SegmentTotals } from './segment.ts';
import type { WalFile, WalFiles } from './wal-files.ts';
import { writePieces } from './write-pieces.ts';

export type SegmentWriter = {
  readonly name: string;
  /**
   * Resolves when all of the group is on disk. When it rejects, none of it counts and the segment must be closed: after
   * a failed sync nobody knows what the disk holds of a file.
   */
  readonly append: (group: readonly (readonly Block[])[]) => Promise<void>;
  readonly totals: () => SegmentTotals;
  /** Takes back what a failed append left behind, as far as the disk allows. Leaves no files when it holds no commits. */
  readonly close: () => Promise<void>;
};

type Open = { readonly file: WalFile; bytes: number };

export function createSegmentWriter(folder: string, name: string, files: WalFiles): SegmentWriter {
  const data = new Map<TelemetryTable, Open>();
  let index: Open | null = null;
  let totals = sumEntries([]);
  let created = false;
  let failed = false;

  const create = async (path: string): Promise<Open> => {
    created = true;
    return { file: await files.create(path), bytes: 0 };
  };

  async function append(group: readonly (readonly Block[])[]): Promise<void> {
    try {
      await appendGroup(group);
    } catch (error) {
      failed = true;
      throw error;
    }
  }

  async function appendGroup(group: readonly (readonly Block[])[]): Promise<void> {
    if (failed) throw new Error(`segment ${name} takes no more commits`);
    index ??= await create(indexPath(folder, name));
    const { entries, pieces } = plan(group);
    for (const table of pieces.keys()) {
      if (!data.has(table)) data.set(table, await create(dataPath(folder, name, table)));
    }
    // All of them, also when one fails: nothing may still be reading the pieces when this returns.
    const written = await allOrFirstError([
      writeAndSync(index, entries.map(encodeEntry)),
      ...Array.from(pieces, ([table, list]) => writeAndSync(openOf(table), list)),
    ]);
    if (created) await files.syncFolder(folder);
    created = false;
    for (const { open, end } of written) open.bytes = end;
    totals = addTotals(totals, sumEntries(entries));
  }

  const openOf = (table: TelemetryTable): Open => {
    const open = data.get(table);
    if (open === undefined) throw new Error(`segment ${name} has no file for ${table}`);
    return open;
  };

  /** Where every block will lie, and the bytes of each table in that order. */
  function plan(group: readonly (readonly Block[])[]): {
    entries: IndexEntry[];
    pieces: Map<TelemetryTable, Uint8Array[]>;
  } {
    const pieces = new Map<TelemetryTable, Uint8Array[]>();
    const ends = new Map(Array.from(data, ([table, { bytes }]) => [table, bytes]));
    const committedAtMs = Date.now();
    const entries = group.map((blocks) => {
      const parts = new Map<TelemetryTable, IndexPart>();
      for (const block of blocks) {
        const end = ends.get(block.table) ?? 0;
        const part = extendPart(parts.get(block.table), block, end);
        parts.set(block.table, part);
        ends.set(block.table, part.offset + part.length);
        const list = pieces.get(block.table) ?? [];
        for (const piece of block.pieces) list.push(piece);
        pieces.set(block.table, list);
      }
      return { groupStart: totals.commits, committedAtMs, parts };
    });
    return { entries, pieces };
  }

  async function close(): Promise<void> {
    // The index first: what it does not name does not count.
    const all = [...(index === null ? [] : [index]), ...data.values()];
    try {
      if (failed) for (const { file, bytes } of all) await file.truncate(bytes);
    } finally {
      await Promise.all(all.map(({ file }) => file.close()));
      if (totals.commits === 0) await removeSegment(folder, name);
    }
  }

  return { name, append, totals: () => totals, close };
}

async function allOrFirstError<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

async function writeAndSync(
  open: Open,
  pieces: readonly Uint8Array[],
): Promise<{ open: Open; end: number }> {
  const end = await writePieces(open.file, pieces, open.bytes);
  await open.file.sync();
  return { open, end };
}

/** Blocks of one table and one commit lie one after the other and are one part. */
function extendPart(before: IndexPart | undefined, block: Block, end: number): IndexPart {
  let crc = before?.crc ?? 0;
  let length = before?.length ?? 0;
  for (const piece of block.pieces) {
    crc = crc32(piece, crc);
    length += piece.length;
  }
  return { offset: before?.offset ?? end, length, rows: (before?.rows ?? 0) + block.rows, crc };
}

function addTotals(one: SegmentTotals, other: SegmentTotals): SegmentTotals {
  const tables = new Map(one.tables);
  for (const [table, { rows, bytes }] of other.tables) {
    const share = tables.get(table);
    tables.set(table, { rows: (share?.rows ?? 0) + rows, bytes: (share?.bytes ?? 0) + bytes });
  }
  return {
    commits: one.commits + other.commits,
    rows: one.rows + other.rows,
    bytes: one.bytes + other.bytes,
    tables,
    committedAtMs: one.commits === 0 ? other.committedAtMs : one.committedAtMs,
  };
}
