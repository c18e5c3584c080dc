/** Door: what the write-ahead log tells of itself when asked; its own status has all of this. */
import type { Histogram } from '../store/wal/histogram.ts';

export type WalStatus = {
  /** Acknowledged and not yet in the tables: now. */
  readonly waitingRows: number;
  readonly waitingBytes: number;
  /** Senders are told to come again when so much waits. */
  readonly maxBytes: number;
  readonly segments: number;
  /** Of the oldest commit that is not in the tables; 0 when there is none. */
  readonly oldestAgeMs: number;
  /** From a batch to its answer. */
  readonly commitDuration: Histogram;
  readonly insertDuration: Histogram;
  /** From the acknowledgement to queries that see it. */
  readonly visibleAfter: Histogram;
  readonly replayedRows: number;
  /** Commits turned away, by reason. */
  readonly refused: Readonly<Record<string, number>>;
  /** Inserts that failed and were tried again, by ClickHouse's code. */
  readonly failedInserts: Readonly<Record<number, number>>;
  /** Acknowledged commits that the disk did not keep. */
  readonly damagedCommits: number;
  /** Commits that a crash cut short: never acknowledged. */
  readonly tornCommits: number;
  /** What ClickHouse would not take, set aside: now. */
  readonly quarantined: { readonly segments: number; readonly bytes: number };
};
