/** A segment: some commits in files of their own, one a table, and their index. Write-ahead log and insert source at once. */
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { telemetryTables, type TelemetryTable } from '../native/block.ts';
import type { IndexEntry } from './index-entry.ts';

export type TableShare = { readonly rows: number; readonly bytes: number };

/** Of a segment that takes no more commits. */
export type Segment = {
  readonly name: string;
  readonly commits: number;
  readonly rows: number;
  readonly bytes: number;
  readonly tables: ReadonlyMap<TelemetryTable, TableShare>;
  /** Of its first commit. */
  readonly committedAtMs: number;
  /** `unchecked`: written by a process that is gone, so its bytes are compared with the index before they are used. */
  readonly origin: 'checked' | 'unchecked';
  /** By an earlier process. */
  readonly isLeft: boolean;
  /** Part of one that ClickHouse refused: it need not refuse it so often again. */
  readonly isSuspect: boolean;
  /** Called once it is stored or given up; for what this process was asked to do then. */
  readonly settle: (outcome: 'stored' | 'given up') => void;
};

export const dataPath = (folder: string, name: string, table: TelemetryTable): string =>
  join(folder, `${name}-${table}.native`);
export const indexPath = (folder: string, name: string): string => join(folder, `${name}.index`);

/** The name stands in tokens by which ClickHouse drops what it has seen: one used twice would lose rows in silence. */
export function createSegmentNames(): () => string {
  const boot = `${String(Date.now()).padStart(15, '0')}-${randomBytes(6).toString('hex')}`;
  let count = 0;
  return () => `${boot}-${String((count += 1)).padStart(8, '0')}`;
}

const fileName = /^(\d{15}-[0-9a-f]{12}-\d{8})(?:\.index|-([a-z_]+)\.native)$/;

export function readSegmentName(file: string): string | null {
  return fileName.exec(file)?.[1] ?? null;
}

export type SegmentTotals = Pick<
  Segment,
  'commits' | 'rows' | 'bytes' | 'tables' | 'committedAtMs'
>;

export function sumEntries(entries: readonly IndexEntry[]): SegmentTotals {
  const tables = new Map<TelemetryTable, TableShare>();
  let rows = 0;
  let bytes = 0;
  for (const { parts } of entries) {
    for (const [table, part] of parts) {
      const share = tables.get(table);
      tables.set(table, {
        rows: (share?.rows ?? 0) + part.rows,
        bytes: (share?.bytes ?? 0) + part.length,
      });
      rows += part.rows;
      bytes += part.length;
    }
  }
  const committedAtMs = entries[0]?.committedAtMs ?? Date.now();
  return { commits: entries.length, rows, bytes, tables, committedAtMs };
}

/** Index first: data without an index is what is left of a removal, an index without data would look like damage. */
export async function removeSegment(folder: string, name: string): Promise<void> {
  await rm(indexPath(folder, name), { force: true });
  for (const table of telemetryTables) await rm(dataPath(folder, name, table), { force: true });
}
