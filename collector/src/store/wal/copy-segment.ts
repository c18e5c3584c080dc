/** Some commits of a segment, written as a segment of their own: the good ones of a damaged one, or half of one. */
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import type { TelemetryTable } from '../native/block.ts';
import { encodeEntry, type IndexEntry, type IndexPart } from './index-entry.ts';
import { dataPath, indexPath, removeSegment } from './segment.ts';
import type { WalFile, WalFiles } from './wal-files.ts';

const bufferBytes = 512 * 1024;

export type SegmentCopy = {
  readonly folder: string;
  readonly from: string;
  readonly to: string;
  readonly entries: readonly IndexEntry[];
  readonly files: WalFiles;
};

/** On disk when it resolves; leaves nothing when it rejects. @throws when a byte is not what the index says */
export async function copySegment(copy: SegmentCopy): Promise<void> {
  const { folder, to, entries, files } = copy;
  try {
    const tables = new Set(entries.flatMap((entry) => Array.from(entry.parts.keys())));
    const offsets = new Map<TelemetryTable, number[]>();
    for (const table of tables) offsets.set(table, await copyTable(copy, table));
    await writeIndex(copy, offsets);
    await files.syncFolder(folder);
  } catch (error) {
    await removeSegment(folder, to);
    throw error;
  }
}

/** Returns where each entry's part lies now. */
async function copyTable(
  { folder, from, to, entries, files }: SegmentCopy,
  table: TelemetryTable,
): Promise<number[]> {
  const source = await open(dataPath(folder, from, table), 'r');
  try {
    return await writeFile(files, dataPath(folder, to, table), async (target) => {
      const offsets: number[] = [];
      let at = 0;
      for (const { parts } of entries) {
        offsets.push(at);
        const part = parts.get(table);
        if (part !== undefined) at = await copyPart(source, part, target, at);
      }
      return offsets;
    });
  } finally {
    await source.close();
  }
}

async function copyPart(
  source: FileHandle,
  part: IndexPart,
  target: WalFile,
  position: number,
): Promise<number> {
  const buffer = Buffer.allocUnsafe(Math.min(bufferBytes, part.length));
  let crc = 0;
  for (let done = 0; done < part.length;) {
    const wanted = Math.min(buffer.length, part.length - done);
    const { bytesRead } = await source.read(buffer, 0, wanted, part.offset + done);
    if (bytesRead === 0) break;
    const bytes = buffer.subarray(0, bytesRead);
    crc = crc32(bytes, crc);
    await target.write([bytes], position + done);
    done += bytesRead;
  }
  if (crc !== part.crc) throw new Error('a part of the write-ahead log is damaged');
  return position + part.length;
}

async function writeIndex(
  { folder, to, entries, files }: SegmentCopy,
  offsets: ReadonlyMap<TelemetryTable, readonly number[]>,
): Promise<void> {
  const moved = entries.map((entry, number) => {
    const parts = new Map<TelemetryTable, IndexPart>();
    for (const [table, part] of entry.parts) {
      parts.set(table, { ...part, offset: offsets.get(table)?.[number] ?? 0 });
    }
    // Every commit was on disk before it was copied: all groups but the last are certain, so each is one of its own.
    return encodeEntry({ ...entry, groupStart: number, parts });
  });
  await writeFile(files, indexPath(folder, to), (file) => file.write([Buffer.concat(moved)], 0));
}

async function writeFile<T>(
  files: WalFiles,
  path: string,
  write: (file: WalFile) => Promise<T>,
): Promise<T> {
  const file = await files.create(path);
  try {
    const result = await write(file);
    await file.sync();
    return result;
  } finally {
    await file.close();
  }
}
