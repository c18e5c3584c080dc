/** What an earlier process left in the folder. Reads the indexes alone; the rows are looked at before they are inserted. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readIndex } from './check-segment.ts';
import { readSegmentName, removeSegment, type SegmentTotals, sumEntries } from './segment.ts';

export type LeftSegment = SegmentTotals & { readonly name: string };

/** In the order of their names, which begin with the time their process began. */
export async function readLeftSegments(folder: string): Promise<LeftSegment[]> {
  const files = await readdir(folder);
  const indexed = new Set<string>();
  for (const file of files) {
    const name = readSegmentName(file);
    if (name !== null && file.endsWith('.index')) indexed.add(name);
  }
  for (const file of files) {
    const name = readSegmentName(file);
    // Stored and half removed, or half copied: its index goes first and comes last.
    if (name !== null && !indexed.has(name)) await rm(join(folder, file), { force: true });
  }
  const left: LeftSegment[] = [];
  for (const name of [...indexed].sort()) {
    const entries = await readIndex(folder, name);
    // A segment that was opened and never written to.
    if (entries.length === 0) await removeSegment(folder, name);
    else {
      const totals = sumEntries(entries.filter((entry) => entry !== null));
      left.push({ ...totals, commits: entries.length, name });
    }
  }
  return left;
}
