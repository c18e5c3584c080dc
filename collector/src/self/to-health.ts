/** The facts as `/api/ingest` answers them. */
import type { IngestHealth, IngestLoss, IngestSignal } from '../contract.ts';
import type { SignalName } from '../ingest/watcher.ts';
import { signalNames, type IngestTally, type Loss } from './ingest-tally.ts';
import { judge } from './judge.ts';
import type { Minute } from './minute-ring.ts';
import { type Histogram, readQuantile } from '../store/wal/histogram.ts';
import type { StoreFacts } from './store-facts.ts';
import type { Sender } from '../store/read-senders.ts';
import type { Lag } from './event-loop-lag.ts';
import type { ProcessFacts } from './process-facts.ts';
import type { WalStatus } from './wal-status.ts';

export type HealthFacts = {
  readonly startedAtMs: number;
  readonly lastTakenAtMs: number | null;
  readonly tally: IngestTally;
  readonly underWay: IngestHealth['underWay'];
  readonly wal: WalStatus | null;
  /** Null when it does not answer. */
  readonly store: StoreFacts | null;
  readonly senders: readonly Sender[] | null;
  readonly process: ProcessFacts;
  readonly eventLoop: Lag;
  readonly liveReaders: number;
};

export function toHealth(facts: HealthFacts): IngestHealth {
  const { tally, wal, store, eventLoop, lastTakenAtMs } = facts;
  const minutes = addUp(signalNames.map(tally.minutes));
  return {
    ...judge({ minutes, wal, store, eventLoopMaxMs: eventLoop.maxMs }),
    startedAt: toIso(facts.startedAtMs),
    now: toIso(Date.now()),
    lastTakenAt: lastTakenAtMs === null ? null : toIso(lastTakenAtMs),
    signals: signalNames.map((signal) => toSignal(tally, signal)),
    losses: tally.losses().map(toLoss),
    underWay: facts.underWay,
    log: wal === null ? null : toLog(wal),
    store:
      store === null
        ? null
        : { ...store, tables: [...store.tables], senders: [...(facts.senders ?? [])] },
    process: {
      ...facts.process,
      eventLoopP99Ms: eventLoop.p99Ms,
      eventLoopMaxMs: eventLoop.maxMs,
      liveReaders: facts.liveReaders,
    },
  };
}

function toLoss({ lastAtMs, lastProjectId, ...loss }: Loss): IngestLoss {
  return { ...loss, lastAt: toIso(lastAtMs), lastProject: lastProjectId };
}

function toSignal({ counters, minutes }: IngestTally, signal: SignalName): IngestSignal {
  const sumOf = (name: keyof typeof counters): number =>
    counters[name]
      .samples()
      .reduce((sum, { labels, value }) => (labels.signal === signal ? sum + value : sum), 0);
  const ring = minutes(signal);
  const column = (field: keyof Minute): number[] => ring.map((minute) => minute[field]);
  return {
    signal,
    requests: sumOf('requests'),
    refusedRequests: sumOf('refused'),
    acceptedRecords: sumOf('accepted'),
    rejectedRecords: sumOf('rejected'),
    wireBytes: sumOf('wireBytes'),
    inflatedBytes: sumOf('inflatedBytes'),
    decodeSeconds: sumOf('decodeSeconds'),
    minutes: {
      records: column('records'),
      bytes: column('bytes'),
      requests: column('requests'),
      refusedRequests: column('refusedRequests'),
      rejectedRecords: column('rejectedRecords'),
    },
  };
}

function addUp(rings: readonly (readonly Minute[])[]): Minute[] {
  const [first = []] = rings;
  return first.map((_, at) => {
    const sumOf = (field: keyof Minute): number =>
      rings.reduce((sum, ring) => sum + (ring[at]?.[field] ?? 0), 0);
    return {
      records: sumOf('records'),
      bytes: sumOf('bytes'),
      requests: sumOf('requests'),
      refusedRequests: sumOf('refusedRequests'),
      rejectedRecords: sumOf('rejectedRecords'),
      refusedRecords: sumOf('refusedRecords'),
    };
  });
}

function toLog(wal: WalStatus): NonNullable<IngestHealth['log']> {
  const { waitingRows, waitingBytes, maxBytes, segments, oldestAgeMs } = wal;
  const { damagedCommits, tornCommits } = wal;
  return {
    waitingRows,
    waitingBytes,
    maxBytes,
    segments,
    oldestAgeMs,
    damagedCommits,
    tornCommits,
    quarantinedSegments: wal.quarantined.segments,
    failedInserts: Object.values(wal.failedInserts).reduce((sum, count) => sum + count, 0),
    commitP99Ms: quantileOf(wal.commitDuration, 0.99),
    insertP99Ms: quantileOf(wal.insertDuration, 0.99),
    visibleP50Ms: quantileOf(wal.visibleAfter, 0.5),
    visibleP99Ms: quantileOf(wal.visibleAfter, 0.99),
  };
}

/** What is above all bounds is told as the last of them: there is no infinity in JSON. */
function quantileOf(durations: Histogram, quantile: number): number | null {
  const ms = readQuantile(durations, quantile);
  return ms === Infinity ? (durations.boundsMs.at(-1) ?? null) : ms;
}

function toIso(ms: number): string {
  return new Date(ms).toISOString();
}
