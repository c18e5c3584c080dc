/**
 * Segments that ClickHouse would not have or that the disk spoiled. Nothing reads them again; a person may: moved back
 * into the log's folder, a segment is tried again at the next start.
 */
import { mkdir, readdir, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readSegmentName } from './segment.ts';

export type Quarantined = { readonly segments: number; readonly bytes: number };

const toFolder = (folder: string): string => join(folder, 'quarantine');

/** The index goes last: as long as it is there the segment is not forgotten. */
export async function moveToQuarantine(folder: string, name: string): Promise<void> {
  await mkdir(toFolder(folder), { recursive: true, mode: 0o700 });
  const own = (await readdir(folder)).filter((file) => readSegmentName(file) === name);
  const isIndex = (file: string): boolean => file.endsWith('.index');
  for (const file of [...own.filter((one) => !isIndex(one)), ...own.filter(isIndex)]) {
    await rename(join(folder, file), join(toFolder(folder), file));
  }
}

export async function readQuarantine(folder: string): Promise<Quarantined> {
  await mkdir(toFolder(folder), { recursive: true, mode: 0o700 });
  const names = new Set<string>();
  let bytes = 0;
  for (const file of await readdir(toFolder(folder))) {
    const name = readSegmentName(file);
    if (name === null) continue;
    names.add(name);
    bytes += (await stat(join(toFolder(folder), file))).size;
  }
  return { segments: names.size, bytes };
}
