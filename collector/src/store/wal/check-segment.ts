/** Compares what lies on the disk with what its index says, before ClickHouse is asked to believe it. */
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { TelemetryTable } from '../native/block.ts';
import { decodeEntries, type IndexEntry, type IndexPart } from './index-entry.ts';
import { dataPath, indexPath } from './segment.ts';

export type CheckedSegment = {
  /** Commits whose bytes are what was written. */
  readonly good: readonly IndexEntry[];
  /** Commits that were acknowledged and are no longer readable. */
  readonly damaged: number;
  /** Of the last group, so perhaps never acknowledged: a crash leaves such. */
  readonly torn: number;
  /** True when the files hold the good commits and nothing else. */
  readonly isWhole: boolean;
};

const bufferBytes = 1024 * 1024;

export async function readIndex(folder: string, name: string): Promise<(IndexEntry | null)[]> {
  return decodeEntries(await readFile(indexPath(folder, name)));
}

/** Of its first `commits` commits: what an index holds beyond them was never acknowledged. */
export async function checkSegment(
  folder: string,
  name: string,
  commits: number,
): Promise<CheckedSegment> {
  const entries = (await readIndex(folder, name)).slice(0, commits);
  const bad = new Set<number>();
  for (const [number, entry] of entries.entries()) if (entry === null) bad.add(number);
  const tables = new Set(entries.flatMap((entry) => [...(entry?.parts.keys() ?? [])]));
  for (const table of tables) {
    for (const number of await findBadParts(folder, name, table, entries)) bad.add(number);
  }
  const good = entries.filter((entry, number) => entry !== null && !bad.has(number));
  const certain = entries.findLast((entry) => entry !== null)?.groupStart ?? 0;
  const damaged = [...bad].filter((number) => number < certain).length;
  return {
    good: good as IndexEntry[],
    damaged,
    torn: bad.size - damaged,
    isWhole: bad.size === 0 && (await hasNothingElse(folder, name, tables, entries)),
  };
}

async function findBadParts(
  folder: string,
  name: string,
  table: TelemetryTable,
  entries: readonly (IndexEntry | null)[],
): Promise<number[]> {
  const bad: number[] = [];
  const file = await openIfThere(dataPath(folder, name, table));
  try {
    const crcOf = createCrcReader(file);
    for (const [number, entry] of entries.entries()) {
      const part = entry?.parts.get(table);
      if (part !== undefined && (await crcOf(part)) !== part.crc) bad.push(number);
    }
  } finally {
    await file?.close();
  }
  return bad;
}

/** Reads ahead: parts lie one after the other and may be small. Null for a part that is not all there. */
function createCrcReader(file: FileHandle | null): (part: IndexPart) => Promise<number | null> {
  const buffer = Buffer.allocUnsafe(bufferBytes);
  let start = 0;
  let end = 0;
  return async ({ offset, length }) => {
    if (file === null) return null;
    let crc = 0;
    for (let at = offset; at < offset + length;) {
      if (at < start || at >= end) {
        start = at;
        end = at + (await file.read(buffer, 0, bufferBytes, at)).bytesRead;
        if (end === start) return null;
      }
      const to = Math.min(end, offset + length);
      crc = crc32(buffer.subarray(at - start, to - start), crc);
      at = to;
    }
    return crc;
  };
}

async function hasNothingElse(
  folder: string,
  name: string,
  tables: ReadonlySet<TelemetryTable>,
  entries: readonly (IndexEntry | null)[],
): Promise<boolean> {
  for (const table of tables) {
    const bytes = entries.reduce((sum, entry) => sum + (entry?.parts.get(table)?.length ?? 0), 0);
    if ((await stat(dataPath(folder, name, table))).size !== bytes) return false;
  }
  return true;
}

async function openIfThere(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
