/**
 * The index of a segment: one entry a commit, all of one size, so that a damaged one does not hide those after it.
 * Little endian: magic u32, number of the first entry of its group u32, time of the commit in ms f64; then for each
 * table offset, length, rows and CRC-32 of its bytes, u32 each; then the CRC-32 of all that, u32.
 */
import { crc32 } from 'node:zlib';
import type { TelemetryTable } from '../native/block.ts';

/** The order on disk: never change it. */
const tableOrder = [
  'spans',
  'content',
  'logs',
  'metric_points',
] as const satisfies readonly TelemetryTable[];

export type IndexPart = {
  readonly offset: number;
  readonly length: number;
  readonly rows: number;
  readonly crc: number;
};

export type IndexEntry = {
  /** Commits of one group reach the disk together, so any of the last group may be missing after a crash. */
  readonly groupStart: number;
  readonly committedAtMs: number;
  /** Tables without rows in this commit are absent. */
  readonly parts: ReadonlyMap<TelemetryTable, IndexPart>;
};

/** "OWI1" */
const magic = 0x3149574f;
const headBytes = 16;
const partBytes = 16;
const crcAt = headBytes + tableOrder.length * partBytes;
export const entryBytes = crcAt + 4;

export function encodeEntry({ groupStart, committedAtMs, parts }: IndexEntry): Buffer {
  const bytes = Buffer.alloc(entryBytes);
  bytes.writeUInt32LE(magic, 0);
  bytes.writeUInt32LE(groupStart, 4);
  bytes.writeDoubleLE(committedAtMs, 8);
  for (const [place, table] of tableOrder.entries()) {
    const part = parts.get(table);
    if (part === undefined) continue;
    const at = headBytes + place * partBytes;
    bytes.writeUInt32LE(part.offset, at);
    bytes.writeUInt32LE(part.length, at + 4);
    bytes.writeUInt32LE(part.rows, at + 8);
    bytes.writeUInt32LE(part.crc, at + 12);
  }
  bytes.writeUInt32LE(crc32(bytes.subarray(0, crcAt)), crcAt);
  return bytes;
}

/** Null where the bytes are not what was written. What is left of an entry at the end was never acknowledged. */
export function decodeEntries(bytes: Buffer): (IndexEntry | null)[] {
  const count = Math.floor(bytes.length / entryBytes);
  return Array.from({ length: count }, (_, number) =>
    decodeEntry(bytes.subarray(number * entryBytes, (number + 1) * entryBytes)),
  );
}

function decodeEntry(bytes: Buffer): IndexEntry | null {
  if (bytes.readUInt32LE(0) !== magic) return null;
  if (bytes.readUInt32LE(crcAt) !== crc32(bytes.subarray(0, crcAt))) return null;
  const parts = new Map<TelemetryTable, IndexPart>();
  for (const [place, table] of tableOrder.entries()) {
    const at = headBytes + place * partBytes;
    const part = {
      offset: bytes.readUInt32LE(at),
      length: bytes.readUInt32LE(at + 4),
      rows: bytes.readUInt32LE(at + 8),
      crc: bytes.readUInt32LE(at + 12),
    };
    if (part.length > 0) parts.set(table, part);
  }
  return { groupStart: bytes.readUInt32LE(4), committedAtMs: bytes.readDoubleLE(8), parts };
}
