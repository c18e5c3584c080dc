/** What alert rules ask of this process, as one window of a metric. */
import { statfs } from 'node:fs/promises';
import type { Reading } from '../alerts/reading.ts';
import { signalNames, type IngestTally } from './ingest-tally.ts';
import type { WalStatus } from './wal-status.ts';

export type PlatformFacts = {
  /** Of the records of the last while: at most half an hour, as far as this process remembers. */
  readonly rejectedShare: (windowMs: number) => Reading;
  /** Seconds; no sample where there is no log. */
  readonly walAge: () => Reading;
  readonly diskUsedShare: () => Promise<Reading>;
};

export type PlatformParts = {
  readonly tally: Pick<IngestTally, 'minutes'>;
  readonly wal: (() => WalStatus) | null;
  /** Of the write-ahead log and the embedded store. */
  readonly dataDir: string;
};

const minuteMs = 60_000;

export function createPlatformFacts({ tally, wal, dataDir }: PlatformParts): PlatformFacts {
  return {
    rejectedShare: (windowMs) => {
      const minutes = Math.max(1, Math.ceil(windowMs / minuteMs));
      const ring = signalNames.flatMap((signal) => tally.minutes(signal).slice(-minutes));
      const lost = sum(ring.map((minute) => minute.rejectedRecords + minute.refusedRecords));
      const samples = lost + sum(ring.map(({ records }) => records));
      return { ...one(samples === 0 ? null : lost / samples, samples), bad: lost };
    },
    walAge: () => (wal === null ? one(null, 0) : one(wal().oldestAgeMs / 1000)),
    diskUsedShare: async () => {
      const { blocks, bfree, bavail } = await statfs(dataDir);
      // As df tells it: of what others than root may use.
      const used = blocks - bfree;
      return used + bavail === 0 ? one(null, 0) : one(used / (used + bavail));
    },
  };
}

/** A value that is there however little happens. */
export function one(value: number | null, samples = 1): Reading {
  return { group: '', value, samples, bad: samples, pricedShare: null };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
