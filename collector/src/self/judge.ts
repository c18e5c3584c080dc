/** One word for how ingest is doing, and the sentences that say why. */
import type { IngestHealth } from '../contract.ts';
import type { StoreFacts } from './store-facts.ts';
import type { Minute } from './minute-ring.ts';
import type { WalStatus } from './wal-status.ts';

export type Evidence = {
  /** Of all signals together, oldest first. */
  readonly minutes: readonly Minute[];
  readonly wal: WalStatus | null;
  /** Null when it does not answer. */
  readonly store: Pick<StoreFacts, 'tables' | 'detachedParts'> | null;
  readonly eventLoopMaxMs: number;
};

export type Judgement = Pick<IngestHealth, 'verdict' | 'reasons'>;

/** What is older than this many minutes is history. */
const recentMinutes = 5;
const maxRejectedShare = 0.001;
const maxOldestMs = 60_000;
/** ClickHouse slows inserts down at 1,000. */
const maxPartsInPartition = 300;
/** A health check or a page would feel it. */
const maxEventLoopMs = 500;

export function judge(evidence: Evidence): Judgement {
  const failing = [...findStoreAway(evidence), ...findFullLog(evidence)];
  const degraded = [
    ...findRefusals(evidence),
    ...findRejections(evidence),
    ...findBacklog(evidence),
    ...findDamage(evidence),
    ...findManyParts(evidence),
    ...findBlocking(evidence),
  ];
  const verdict = failing.length > 0 ? 'failing' : degraded.length > 0 ? 'degraded' : 'ok';
  return { verdict, reasons: [...failing, ...degraded] };
}

function* findStoreAway({ store, wal }: Evidence): Generator<string> {
  if (store !== null) return;
  yield wal === null
    ? 'The store does not answer: senders are told to try again.'
    : 'The store does not answer: what arrives is kept on disk until it does.';
}

function* findFullLog({ wal }: Evidence): Generator<string> {
  if (wal === null || wal.waitingBytes < wal.maxBytes) return;
  yield 'So much waits for the store that senders are told to try again: see why the store is slow, or raise ORCHESCOPE_WAL_MAX_MB.';
}

function* findRefusals({ minutes }: Evidence): Generator<string> {
  const count = sum(minutes, 'refusedRequests');
  if (count === 0) return;
  const requests = sum(minutes, 'requests');
  yield `${count} of ${requests} requests of the last ${recentMinutes} minutes were refused; what was refused, and why, is listed.`;
}

function* findRejections({ minutes }: Evidence): Generator<string> {
  const rejected = sum(minutes, 'rejectedRecords');
  const all = rejected + sum(minutes, 'records');
  if (rejected === 0 || rejected / all <= maxRejectedShare) return;
  yield `${rejected} of ${all} records of the last ${recentMinutes} minutes could not be taken.`;
}

function* findBacklog({ wal }: Evidence): Generator<string> {
  if (wal === null || wal.oldestAgeMs <= maxOldestMs) return;
  yield `What arrived ${Math.round(wal.oldestAgeMs / 1000)} seconds ago cannot be seen yet: the store is behind.`;
}

function* findDamage({ wal, store }: Evidence): Generator<string> {
  if (wal !== null && wal.damagedCommits > 0) {
    yield `${wal.damagedCommits} acknowledged writes could not be read back from the disk: look at its health.`;
  }
  if (wal !== null && wal.quarantined.segments > 0) {
    yield `${wal.quarantined.segments} segments were set aside because the store would not take them; the log says why.`;
  }
  if (store !== null && store.detachedParts > 0) {
    yield `${store.detachedParts} damaged parts were set aside by the store: their rows are missing from every answer.`;
  }
}

function* findManyParts({ store }: Evidence): Generator<string> {
  for (const { table, maxPartsInPartition: parts } of store?.tables ?? []) {
    if (parts > maxPartsInPartition) {
      yield `One day of ${table} lies in ${parts} parts: merges are behind, or spans of very many days arrive at once.`;
    }
  }
}

function* findBlocking({ eventLoopMaxMs }: Evidence): Generator<string> {
  if (eventLoopMaxMs <= maxEventLoopMs) return;
  yield `The server was busy with one thing for ${Math.round(eventLoopMaxMs)} ms: everybody else waited.`;
}

function sum(minutes: readonly Minute[], field: keyof Minute): number {
  return minutes.slice(-recentMinutes).reduce((total, minute) => total + minute[field], 0);
}
