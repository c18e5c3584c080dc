/** Compares what lies on the disk with what its index says, before ClickHouse is asked to believe it. */
import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { TelemetryTable } from '../native/block.ts';
import { decodeEntries, type IndexEntry, type IndexPart } from './index-entry.ts';
import { dataPath, indexPath } from './segment.ts';

export type CheckedSegment = {
  /** Commits whose bytes are what was written. */
  readonly good: readonly IndexEntry[];
  /** Commits whose bytes are not what was written, or that are gone although a later group is there. */
  readonly damaged: number;
  /** Commits of the last group that are not all there: a crash leaves such, and nobody was told that they were taken. */
  readonly torn: number;
  /** True when the files hold the good commits and nothing else. */
  readonly isWhole: boolean;
};

const bufferBytes = 1024 * 1024;

/** Empty when there is none. */
export async function readIndex(folder: string, name: string): Promise<(IndexEntry | null)[]> {
  const bytes = await nullIfAbsent(readFile(indexPath(folder, name)));
  return bytes === null ? [] : decodeEntries(bytes);
}

/** Null when the file is not there. */
export async function readSize(path: string): Promise<number | null> {
  return (await nullIfAbsent(stat(path)))?.size ?? null;
}

/** Of its first `commits` commits: what an index holds beyond them was never acknowledged. */
export async function checkSegment(
  folder: string,
  name: string,
  commits: number,
): Promise<CheckedSegment> {
  const found = (await readIndex(folder, name)).slice(0, commits);
  const entries = Array.from({ length: commits }, (_, number) => found[number] ?? null);
  const bad = new Map<number, Fault>();
  for (const [number, entry] of entries.entries()) if (entry === null) bad.set(number, 'wrong');
  const tables = new Set(entries.flatMap((entry) => [...(entry?.parts.keys() ?? [])]));
  for (const table of tables) await findBadParts({ folder, name, table, entries }, bad);
  const good = entries.filter((entry, number) => entry !== null && !bad.has(number));
  const lastGroup = entries.findLast((entry) => entry !== null)?.groupStart ?? 0;
  const isTorn = ([number, fault]: [number, Fault]): boolean =>
    fault === 'missing' && number >= lastGroup;
  const torn = [...bad].filter(isTorn).length;
  return {
    good: good as IndexEntry[],
    damaged: bad.size - torn,
    torn,
    isWhole: bad.size === 0 && (await hasNothingElse(folder, name, tables, entries)),
  };
}

type Fault = 'missing' | 'wrong';

type TableOfSegment = {
  readonly folder: string;
  readonly name: string;
  readonly table: TelemetryTable;
  readonly entries: readonly (IndexEntry | null)[];
};

async function findBadParts(
  { folder, name, table, entries }: TableOfSegment,
  bad: Map<number, Fault>,
): Promise<void> {
  const file = await nullIfAbsent(open(dataPath(folder, name, table), 'r'));
  try {
    const crcOf = createCrcReader(file);
    for (const [number, entry] of entries.entries()) {
      const part = entry?.parts.get(table);
      if (part === undefined) continue;
      const crc = await crcOf(part);
      if (crc === null) bad.set(number, bad.get(number) ?? 'missing');
      else if (crc !== part.crc) bad.set(number, 'wrong');
    }
  } finally {
    await file?.close();
  }
}

/** Reads ahead: parts lie one after the other and may be small. Null for a part that is not all there, -1 for one the disk does not give. */
function createCrcReader(file: FileHandle | null): (part: IndexPart) => Promise<number | null> {
  const buffer = Buffer.allocUnsafe(bufferBytes);
  let start = 0;
  let end = 0;
  return async ({ offset, length }) => {
    if (file === null) return null;
    let crc = 0;
    for (let at = offset; at < offset + length;) {
      if (at < start || at >= end) {
        const bytesRead = await readOrNull(file, buffer, at);
        if (bytesRead === null) return -1;
        if (bytesRead === 0) return null;
        start = at;
        end = at + bytesRead;
      }
      const to = Math.min(end, offset + length);
      crc = crc32(buffer.subarray(at - start, to - start), crc);
      at = to;
    }
    return crc;
  };
}

/** Null when the disk cannot read that place: trying again would hold up everything behind it. */
async function readOrNull(file: FileHandle, buffer: Buffer, at: number): Promise<number | null> {
  try {
    return (await file.read(buffer, 0, bufferBytes, at)).bytesRead;
  } catch {
    return null;
  }
}

async function hasNothingElse(
  folder: string,
  name: string,
  tables: ReadonlySet<TelemetryTable>,
  entries: readonly (IndexEntry | null)[],
): Promise<boolean> {
  for (const table of tables) {
    const bytes = entries.reduce((sum, entry) => sum + (entry?.parts.get(table)?.length ?? 0), 0);
    if ((await readSize(dataPath(folder, name, table))) !== bytes) return false;
  }
  return true;
}

async function nullIfAbsent<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
