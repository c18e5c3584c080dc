/**
 * Takes sealed segments to ClickHouse, one at a time and in order, and does not give up: a segment leaves the folder
 * when its rows are in the tables, or goes to quarantine when ClickHouse will not have them.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { clickHouseCode, isOverLimit, isRefused } from '../clickhouse-error.ts';
import type { TelemetryTable } from '../native/block.ts';
import type { InsertNative } from '../opened-client.ts';
import { moveToQuarantine } from './quarantine.ts';
import { readySegment, type SegmentFolder, splitSegment } from './ready-segment.ts';
import { dataPath, removeSegment, type Segment } from './segment.ts';

export type InserterOptions = SegmentFolder & {
  readonly insertNative: InsertNative;
  readonly onStored: (segment: Segment, insertMs: number) => void;
  readonly onTableStored: (table: TelemetryTable, rows: number) => void;
  readonly onSkipped: (skipped: { readonly damaged: number; readonly torn: number }) => void;
  readonly onQuarantined: (segment: Segment) => void;
  /** Rows were held that are no longer: stored, skipped or given up. */
  readonly onGone: (rows: number, bytes: number) => void;
  readonly onFailed: (error: unknown) => void;
  readonly onIdle: () => void;
};

export type Inserter = {
  readonly push: (segment: Segment) => void;
  readonly queue: () => readonly Segment[];
  readonly lastInsertMs: () => number;
  readonly lastInsertEndAtMs: () => number;
  /** How long the insert under way takes so far; 0 when there is none. */
  readonly busyForMs: () => number;
  /** Resolves when the queue is empty, or `limitMs` later; what is left then stays in the folder. */
  readonly close: (limitMs: number) => Promise<void>;
};

/** Whoever sees a span can read its content. */
const insertOrder = ['content', 'spans', 'logs', 'metric_points'] as const;
const firstBackoffMs = 200;
const longestBackoffMs = 5_000;
/** Refused so often, a segment is not merely unlucky. */
const refusalLimit = 3;

export function createInserter(options: InserterOptions): Inserter {
  const { folder, warn } = options;
  const queue: Segment[] = [];
  const stopping = new AbortController();
  let lastInsertMs = 0;
  let lastInsertEndAtMs = 0;
  let running: Promise<void> | null = null;
  let busySinceMs: number | null = null;

  function push(segment: Segment): void {
    queue.push(segment);
    running ??= run();
  }

  async function run(): Promise<void> {
    for (let head = queue[0]; head !== undefined; head = queue[0]) {
      const instead = await storeOrReplace(head);
      if (instead === null) break;
      queue.splice(0, 1, ...instead);
    }
    running = null;
    options.onIdle();
  }

  /** Returns what takes the segment's place in the queue; null when told to stop. */
  async function storeOrReplace(segment: Segment): Promise<readonly Segment[] | null> {
    const attempt: Attempt = { stored: new Set(), refusals: 0, overLimits: 0, isStored: false };
    for (let backoffMs = firstBackoffMs; !stopping.signal.aborted;) {
      try {
        return await tryOnce(segment, attempt);
      } catch (error) {
        if (stopping.signal.aborted) break;
        if (isRefused(error)) attempt.refusals += 1;
        if (isOverLimit(error)) attempt.overLimits += 1;
        options.onFailed(error);
        warn('a segment of the write-ahead log was not stored, trying again', {
          segment: segment.name,
          error: toSentence(error),
          backoffMs,
        });
      }
      await pause(backoffMs, stopping.signal);
      backoffMs = Math.min(backoffMs * 2, longestBackoffMs);
    }
    return null;
  }

  async function tryOnce(segment: Segment, attempt: Attempt): Promise<readonly Segment[]> {
    if (attempt.isStored) return finish(segment);
    if (attempt.refusals >= (segment.isSuspect ? 1 : refusalLimit))
      return setAside(segment, attempt);
    if (attempt.overLimits >= refusalLimit) {
      // Half of it may fit.
      const halves = await halve(segment, attempt);
      if (halves !== null) return halves;
    }
    const ready = await readySegment(options, segment);
    if (ready.segment?.name !== segment.name) return replace(segment, ready);
    await insertTables(segment, attempt.stored);
    attempt.isStored = true;
    return finish(segment);
  }

  async function insertTables(segment: Segment, stored: Set<TelemetryTable>): Promise<void> {
    const startedAt = performance.now();
    for (const table of insertOrder) {
      const share = segment.tables.get(table);
      if (share === undefined || stored.has(table)) continue;
      const path = dataPath(folder, segment.name, table);
      const token = `${segment.name}-${table}`;
      const file = { table, path, rows: share.rows, token };
      busySinceMs = performance.now();
      try {
        await options.insertNative(file, stopping.signal);
      } finally {
        busySinceMs = null;
      }
      stored.add(table);
      options.onTableStored(table, share.rows);
    }
    lastInsertMs = performance.now() - startedAt;
    lastInsertEndAtMs = Date.now();
    options.onStored(segment, lastInsertMs);
  }

  async function finish(segment: Segment): Promise<readonly Segment[]> {
    await removeSegment(folder, segment.name);
    options.onGone(segment.rows, segment.bytes);
    segment.settle('stored');
    return [];
  }

  /** Looks for the commit that ClickHouse will not have, so that the others need not go with it. */
  async function setAside(segment: Segment, attempt: Attempt): Promise<readonly Segment[]> {
    const halves = await halve(segment, attempt);
    if (halves !== null) return halves.map(toSuspect);
    await moveToQuarantine(folder, segment.name);
    warn('ClickHouse refuses a segment of the write-ahead log: it is kept in quarantine', {
      segment: segment.name,
      rows: segment.rows,
      bytes: segment.bytes,
    });
    options.onQuarantined(segment);
    options.onGone(segment.rows, segment.bytes);
    segment.settle('given up');
    return [];
  }

  async function halve(segment: Segment, { stored }: Attempt): Promise<readonly Segment[] | null> {
    const halves = await splitSegment(options, segment, stored);
    if (halves !== null) forget(segment, halves);
    return halves;
  }

  /** Counts what its successors do not hold. */
  function forget(segment: Segment, successors: readonly Segment[]): void {
    const rows = successors.reduce((sum, one) => sum + one.rows, 0);
    const bytes = successors.reduce((sum, one) => sum + one.bytes, 0);
    options.onGone(segment.rows - rows, segment.bytes - bytes);
  }

  function replace(
    segment: Segment,
    ready: { readonly segment: Segment | null; readonly damaged: number; readonly torn: number },
  ): readonly Segment[] {
    options.onSkipped(ready);
    const successors = ready.segment === null ? [] : [ready.segment];
    forget(segment, successors);
    if (successors.length === 0) segment.settle('given up');
    return successors;
  }

  async function close(limitMs: number): Promise<void> {
    const timer = setTimeout(() => stopping.abort(new Error('the store is closing')), limitMs);
    await running;
    clearTimeout(timer);
    stopping.abort(new Error('the store is closing'));
  }

  return {
    push,
    queue: () => queue,
    lastInsertMs: () => lastInsertMs,
    lastInsertEndAtMs: () => lastInsertEndAtMs,
    busyForMs: () => (busySinceMs === null ? 0 : performance.now() - busySinceMs),
    close,
  };
}

const toSuspect = (segment: Segment): Segment => ({ ...segment, isSuspect: true });

type Attempt = {
  /** Their tokens would make a second time harmless; this makes it free. */
  readonly stored: Set<TelemetryTable>;
  refusals: number;
  overLimits: number;
  /** Its files are still to be removed. */
  isStored: boolean;
};

/** ClickHouse's own sentence may quote the rows, so only its code and the name of it are told. */
function toSentence(error: unknown): unknown {
  const code = clickHouseCode(error);
  if (code === 0) return error;
  const type = error instanceof Error && 'type' in error ? ` ${String(error.type)}` : '';
  return `ClickHouse answered ${code}${type}`;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    return; // Told to stop: whoever waits looks at the signal himself.
  }
}
