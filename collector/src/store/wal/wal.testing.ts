/** Blocks to commit and a log over a real store, for the tests of this folder. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRows } from '../engine/testing-engine.ts';
import type { Block, TelemetryTable } from '../native/block.ts';
import type { Store } from '../start-store.ts';
import { openWal, type Wal, type WalOptions } from './open-wal.ts';

/** A row a name; one piece for the head and one for each column, as an encoder has them. */
export function createBlock(
  table: TelemetryTable,
  project: string,
  names: readonly string[],
): Block {
  const columns: Record<string, readonly string[]> = {
    project_id: names.map(() => project),
    trace_id: names.map(() => '0af7651916cd43dd8448eb211c80319c'),
    [table === 'content' ? 'key' : 'name']: names,
    span_id: names,
  };
  const head = [toVarint(Object.keys(columns).length), toVarint(names.length)];
  const pieces = Object.entries(columns).map(([name, cells]) =>
    Buffer.concat([toText(name), toText('String'), ...cells.map(toText)]),
  );
  return { table, rows: names.length, pieces: [Buffer.concat(head), ...pieces] };
}

function toText(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([toVarint(bytes.length), bytes]);
}

function toVarint(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  for (; left > 127; left >>>= 7) bytes.push((left & 127) | 128);
  bytes.push(left);
  return Buffer.from(bytes);
}

/** A span and its content of the same name. */
export const createBlocks = (project: string, names: readonly string[]): Block[] => [
  createBlock('spans', project, names),
  createBlock('content', project, names),
];

export type StoredNames = { readonly spans: string[]; readonly content: string[] };

/** Every row as it lies in the tables, so that one stored twice is seen twice. */
export async function readNames(
  { client }: Pick<Store, 'client'>,
  project: string,
): Promise<StoredNames> {
  const read = async (table: string, column: string): Promise<string[]> => {
    const query = `SELECT ${column} AS name FROM ${table} WHERE project_id = {project:String} ORDER BY name`;
    const rows = await readRows(client, query, { project });
    return rows.map((row) => (row as { name: string }).name);
  };
  return { spans: await read('spans', 'name'), content: await read('content', 'key') };
}

export const createFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'orchescope-wal-'));

export const removeFolder = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true });

/** Says nothing; `lines` is for tests of what an operator is told. */
export async function openTestWal(
  store: Pick<Store, 'insertNative'>,
  folder: string,
  options: Partial<WalOptions> = {},
): Promise<Wal & { readonly lines: string[] }> {
  const lines: string[] = [];
  const wal = await openWal({
    folder,
    insertNative: store.insertNative,
    log: (line) => lines.push(line),
    minFreeBytes: 0,
    ...options,
  });
  return { ...wal, lines };
}
