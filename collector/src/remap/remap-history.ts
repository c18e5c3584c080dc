/**
 * Maps stored spans again with the dialects of today, and writes those that come out different. Safe to stop at any
 * point and to begin again: a row is written whole, and what is right already is not written.
 */
import type { RemapLine } from '../contract.ts';
import type { Pricer } from '../ingest/pricing/pricer.ts';
import { mapperVersion } from '../mapper-version.ts';
import { readProjects } from '../store/read-projects.ts';
import type { Reader } from '../store/read-rows.ts';
import type { BatchWriter } from '../store/store.ts';
import { beginTurn, type Turn } from '../turn.ts';
import {
  readDays,
  readStoredSpans,
  type StoredDay,
  type StoredSpan,
  type Stretch,
} from './read-stored.ts';
import { remapSpan, type Remapped } from './remap-span.ts';
import type { TimeRange } from './stored-span-sql.ts';
import { createTally, type Tally } from './tally.ts';
import { createRemapWriter, type NewRow, type RemapWriter } from './write-remapped.ts';

export type HistoryParts = {
  readonly store: Pick<Reader, 'client'>;
  readonly writer: Pick<BatchWriter, 'writeApart'>;
  readonly priceFor: (projectId: string) => Pricer;
  /** How long content is kept now, for a span that had none; 0 = for ever. */
  readonly retentionOf: (projectId: string) => { readonly contentDays: number };
};

export type RemapPlan = {
  /** Null = all of them. */
  readonly projectId: string | null;
  readonly range: TimeRange;
  readonly dryRun: boolean;
};

type Work = {
  readonly parts: HistoryParts;
  readonly tally: Tally;
  readonly turn: Turn;
  /** Null when nothing is to be written. */
  readonly writer: RemapWriter | null;
};

/** The last line is the summary. @throws when the signal is aborted */
export async function* remapHistory(
  plan: RemapPlan,
  parts: HistoryParts,
  signal: AbortSignal,
): AsyncGenerator<RemapLine> {
  const reader = { client: parts.store.client, signal };
  const tally = createTally();
  const writer = plan.dryRun ? null : createRemapWriter(parts.writer, signal);
  const work = { parts, tally, turn: beginTurn(), writer };
  for (const projectId of await toProjects(plan, reader)) {
    const stretch = { reader, projectId, range: plan.range, mapperVersion };
    for (const day of await readDays(stretch)) yield* remapDay(stretch, day, work);
  }
  await writer?.settled();
  yield tally.toSummary(plan.dryRun, mapperVersion);
}

async function toProjects({ projectId }: RemapPlan, reader: Reader): Promise<string[]> {
  return projectId === null ? (await readProjects(reader)).map(({ id }) => id) : [projectId];
}

async function* remapDay(
  stretch: Stretch,
  { day, range, rows }: StoredDay,
  work: Work,
): AsyncGenerator<RemapLine> {
  const project = stretch.projectId;
  let read = 0;
  let changed = 0;
  const tell = (done: boolean): RemapLine => {
    return { type: 'progress', project, day, rows, read, changed, done };
  };
  yield tell(false);
  for await (const chunk of readStoredSpans({ ...stretch, range })) {
    stretch.reader.signal?.throwIfAborted();
    const newRows = await remapChunk(chunk, work);
    if (newRows.length > 0) await work.writer?.write(newRows);
    read += chunk.length;
    changed += newRows.length;
    yield tell(false);
  }
  yield tell(true);
}

async function remapChunk(
  chunk: readonly StoredSpan[],
  { parts, tally, turn }: Work,
): Promise<NewRow[]> {
  const newRows: NewRow[] = [];
  for (const stored of chunk) {
    const remapped = remapOne(stored, parts);
    tally.add(stored.span, remapped);
    if (remapped.outcome === 'changed') newRows.push(toNewRow(stored, remapped.span, parts));
    if (turn.isOver()) await turn.next();
  }
  return newRows;
}

/** The shortest that content can be told to live. */
const oneDaySeconds = 86_400;

function remapOne(stored: StoredSpan, { priceFor }: HistoryParts): Remapped {
  const { span, receivedUnixSeconds, contentRetentionDays } = stored;
  const ageSeconds = Date.now() / 1_000 - receivedUnixSeconds;
  return remapSpan(span, {
    price: priceFor(span.projectId),
    receivedUnixNano: BigInt(receivedUnixSeconds) * 1_000_000_000n,
    mayLackContent: contentRetentionDays === null && ageSeconds > oneDaySeconds,
  });
}

/** Kept as long as the row it replaces, and since when: both are in one partition, so that they merge. */
function toNewRow(
  { receivedUnixSeconds, retentionDays, contentRetentionDays }: StoredSpan,
  span: NewRow['span'],
  { retentionOf }: HistoryParts,
): NewRow {
  const contentDays = contentRetentionDays ?? retentionOf(span.projectId).contentDays;
  return {
    span,
    stamp: { receivedUnixSeconds, retentionDays, contentRetentionDays: contentDays },
  };
}
