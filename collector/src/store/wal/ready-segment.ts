/** What must be done to a segment before its files can be given to ClickHouse as they are. */
import type { EngineLog } from '../engine/supervisor.ts';
import { checkSegment, readIndex, readSize } from './check-segment.ts';
import { copySegment } from './copy-segment.ts';
import type { TelemetryTable } from '../native/block.ts';
import type { IndexEntry } from './index-entry.ts';
import { moveToQuarantine } from './quarantine.ts';
import { dataPath, removeSegment, type Segment, sumEntries } from './segment.ts';
import type { WalFiles } from './wal-files.ts';

export type SegmentFolder = {
  readonly folder: string;
  readonly files: WalFiles;
  readonly createName: () => string;
  readonly warn: EngineLog;
};

export type ReadySegment = {
  /** The segment itself, or what stands in for it; null when nothing of it can be read. */
  readonly segment: Segment | null;
  readonly damaged: number;
  readonly torn: number;
};

/** Commits that cannot be read are left out, counted, and kept in quarantine. */
export async function readySegment(place: SegmentFolder, segment: Segment): Promise<ReadySegment> {
  const { folder, warn } = place;
  const { name } = segment;
  if (segment.origin === 'checked' && (await hasRightSizes(folder, segment))) {
    return { segment, damaged: 0, torn: 0 };
  }
  const { good, damaged, torn, isWhole } = await checkSegment(folder, name, segment.commits);
  if (isWhole) return { segment: { ...segment, origin: 'checked' }, damaged, torn };
  const rest = good.length === 0 ? null : await copyOut(place, segment, good);
  if (damaged > 0) {
    warn('the write-ahead log is damaged: commits were skipped and are kept in quarantine', {
      segment: name,
      damaged,
      kept: good.length,
    });
    await moveToQuarantine(folder, name);
  } else {
    if (torn > 0)
      warn('the write-ahead log ended in the middle of a write', { segment: name, torn });
    await removeSegment(folder, name);
  }
  return { segment: rest, damaged, torn };
}

/** Two segments with half of its commits each, without the tables it is done with; null when there is but one commit. */
export async function splitSegment(
  place: SegmentFolder,
  segment: Segment,
  done: ReadonlySet<TelemetryTable>,
): Promise<readonly Segment[] | null> {
  const index = await readIndex(place.folder, segment.name);
  const entries = index
    .filter((entry) => entry !== null)
    .flatMap((one) => withoutTables(one, done));
  if (entries.length < 2) return null;
  const middle = Math.ceil(entries.length / 2);
  const settle = settleTogether(segment, 2);
  const halves = [
    { ...(await copyOut(place, segment, entries.slice(0, middle))), settle },
    { ...(await copyOut(place, segment, entries.slice(middle))), settle },
  ];
  await removeSegment(place.folder, segment.name);
  return halves;
}

function withoutTables(entry: IndexEntry, tables: ReadonlySet<TelemetryTable>): IndexEntry[] {
  const parts = new Map([...entry.parts].filter(([table]) => !tables.has(table)));
  return parts.size === 0 ? [] : [{ ...entry, parts }];
}

async function copyOut(
  { folder, files, createName }: SegmentFolder,
  segment: Segment,
  entries: readonly IndexEntry[],
): Promise<Segment> {
  // A new name, so a new token: rows that are left out would shift what the old one stands for.
  const name = createName();
  await copySegment({ folder, files, from: segment.name, to: name, entries });
  return { ...segment, ...sumEntries(entries), name, origin: 'checked' };
}

function settleTogether(segment: Segment, count: number): Segment['settle'] {
  let left = count;
  let worst: 'stored' | 'given up' = 'stored';
  return (outcome) => {
    if (outcome === 'given up') worst = outcome;
    left -= 1;
    if (left === 0) segment.settle(worst);
  };
}

async function hasRightSizes(folder: string, { name, tables }: Segment): Promise<boolean> {
  for (const [table, { bytes }] of tables) {
    if ((await readSize(dataPath(folder, name, table))) !== bytes) return false;
  }
  return true;
}
