/** What the log can tell about itself. */
import { telemetryTables, type TelemetryTable } from '../native/block.ts';
import { clickHouseCode } from '../clickhouse-error.ts';
import { createHistogram, type Histogram } from './histogram.ts';
import type { Quarantined } from './quarantine.ts';
import { type WalRefusal, walRefusals } from './refusals.ts';
import type { Segment } from './segment.ts';

/** Counted since this process began, unless it says otherwise. */
export type WalStatus = WalTally & {
  /** Taken and not yet in the tables: now. */
  readonly waitingRows: number;
  readonly waitingBytes: number;
  readonly maxBytes: number;
  readonly segments: number;
  /** Of the oldest commit that is not in the tables; 0 when there is none. */
  readonly oldestAgeMs: number;
  readonly lastInsertMs: number;
};

type WalTally = {
  readonly commits: number;
  /** From `commit` to its answer. */
  readonly commitDuration: Histogram;
  readonly insertDuration: Histogram;
  /** From a segment's first commit to its rows being visible; without segments of earlier processes. */
  readonly visibleAfter: Histogram;
  readonly storedSegments: number;
  readonly storedRows: Readonly<Record<TelemetryTable, number>>;
  /** Rows an earlier process left; ClickHouse drops those among them that it has already. */
  readonly replayedRows: number;
  readonly refused: Readonly<Record<WalRefusal, number>>;
  /** Inserts that were answered with an error and tried again, by ClickHouse's code; 0 when it did not answer. */
  readonly failedInserts: Readonly<Record<number, number>>;
  /** Commits that the disk did not keep; after a power failure some of them may never have been acknowledged. */
  readonly damagedCommits: number;
  /** Commits that a crash cut short: never acknowledged. */
  readonly tornCommits: number;
  /** Everything that lies there now, also from earlier. */
  readonly quarantined: Quarantined;
};

export type Tally = {
  readonly onCommitted: (durationMs: number) => void;
  readonly onRefused: (reason: WalRefusal) => void;
  readonly onReplayed: (rows: number) => void;
  readonly onStored: (segment: Segment, insertMs: number) => void;
  readonly onTableStored: (table: TelemetryTable, rows: number) => void;
  readonly onSkipped: (skipped: { readonly damaged: number; readonly torn: number }) => void;
  readonly onQuarantined: (segment: Segment) => void;
  readonly onFailed: (error: unknown) => void;
  readonly read: () => WalTally;
};

export function createTally(quarantined: Quarantined): Tally {
  const commitDuration = createHistogram();
  const insertDuration = createHistogram();
  const visibleAfter = createHistogram();
  const storedRows = zeros(telemetryTables);
  const refused = zeros(walRefusals);
  const failedInserts: Record<number, number> = {};
  const inQuarantine = { ...quarantined };
  const counts = {
    commits: 0,
    storedSegments: 0,
    replayedRows: 0,
    damagedCommits: 0,
    tornCommits: 0,
  };
  return {
    onCommitted: (durationMs) => {
      counts.commits += 1;
      commitDuration.add(durationMs);
    },
    onRefused: (reason) => {
      refused[reason] += 1;
    },
    onReplayed: (rows) => {
      counts.replayedRows += rows;
    },
    onStored: (segment, insertMs) => {
      counts.storedSegments += 1;
      insertDuration.add(insertMs);
      if (!segment.isLeft) visibleAfter.add(Math.max(0, Date.now() - segment.committedAtMs));
    },
    onTableStored: (table, rows) => {
      storedRows[table] += rows;
    },
    onSkipped: ({ damaged, torn }) => {
      counts.damagedCommits += damaged;
      counts.tornCommits += torn;
      if (damaged > 0) inQuarantine.segments += 1;
    },
    onQuarantined: ({ bytes }) => {
      inQuarantine.segments += 1;
      inQuarantine.bytes += bytes;
    },
    onFailed: (error) => {
      const code = clickHouseCode(error);
      failedInserts[code] = (failedInserts[code] ?? 0) + 1;
    },
    read: () => ({
      ...counts,
      commitDuration: commitDuration.read(),
      insertDuration: insertDuration.read(),
      visibleAfter: visibleAfter.read(),
      storedRows: { ...storedRows },
      refused: { ...refused },
      failedInserts: { ...failedInserts },
      quarantined: { ...inQuarantine },
    }),
  };
}

function zeros<Name extends string>(names: readonly Name[]): Record<Name, number> {
  return Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
}
