import { expect, test } from 'vitest';
import { judge, type Evidence } from './judge.ts';
import type { Minute } from './minute-ring.ts';
import type { WalStatus } from './wal-status.ts';

const minute: Minute = {
  records: 100_000,
  bytes: 1e6,
  requests: 100,
  refusedRequests: 0,
  rejectedRecords: 0,
  refusedRecords: 0,
};
const durations = { boundsMs: [1], counts: [0, 0], sumMs: 0 };
const wal: WalStatus = {
  waitingRows: 10,
  waitingBytes: 1_000,
  maxBytes: 1e9,
  segments: 1,
  oldestAgeMs: 500,
  commitDuration: durations,
  insertDuration: durations,
  visibleAfter: durations,
  replayedRows: 0,
  refused: {},
  failedInserts: {},
  damagedCommits: 0,
  tornCommits: 0,
  quarantined: { segments: 0, bytes: 0 },
};
const table = { table: 'spans', parts: 30, maxPartsInPartition: 10, rows: 1, bytes: 1 };
const healthy: Evidence = {
  minutes: Array.from({ length: 30 }, () => minute),
  wal,
  store: { tables: [table], detachedParts: 0 },
  eventLoopMaxMs: 40,
};
const last = (changes: Partial<Minute>): Evidence['minutes'] => [
  ...healthy.minutes.slice(1),
  { ...minute, ...changes },
];

test('when all is well there is nothing to say', () => {
  expect(judge(healthy)).toEqual({ verdict: 'ok', reasons: [] });
});

test('a quiet server is well', () => {
  const quiet = Array.from({ length: 30 }, () => ({ ...minute, records: 0, requests: 0 }));
  expect(judge({ ...healthy, minutes: quiet }).verdict).toBe('ok');
});

test.each<[string, Partial<Evidence>, 'ok' | 'degraded' | 'failing', RegExp]>([
  ['a store that is away', { store: null }, 'failing', /kept on disk until it does/],
  ['the same without a log', { store: null, wal: null }, 'failing', /told to try again/],
  [
    'a log that is full',
    { wal: { ...wal, waitingBytes: 1e9 } },
    'failing',
    /ORCHESCOPE_WAL_MAX_MB/,
  ],
  ['a refusal', { minutes: last({ refusedRequests: 3 }) }, 'degraded', /^3 of 500 requests/],
  [
    'more than one bad record in a thousand',
    { minutes: last({ rejectedRecords: 600 }) },
    'degraded',
    /^600 of 500600 records/,
  ],
  ['a backlog', { wal: { ...wal, oldestAgeMs: 61_000 } }, 'degraded', /61 seconds ago/],
  ['damage on disk', { wal: { ...wal, damagedCommits: 2 } }, 'degraded', /^2 acknowledged writes/],
  [
    'a segment in quarantine',
    { wal: { ...wal, quarantined: { segments: 1, bytes: 9 } } },
    'degraded',
    /^1 segments were set aside/,
  ],
  [
    'a damaged part',
    { store: { tables: [table], detachedParts: 4 } },
    'degraded',
    /^4 damaged parts/,
  ],
  [
    'too many parts',
    { store: { tables: [{ ...table, maxPartsInPartition: 301 }], detachedParts: 0 } },
    'degraded',
    /^One day of spans lies in 301 parts/,
  ],
  ['a blocked event loop', { eventLoopMaxMs: 900 }, 'degraded', /for 900 ms/],
])('%s is said', (_, changes, verdict, sentence) => {
  const judged = judge({ ...healthy, ...changes });
  expect([judged.verdict, judged.reasons.length]).toEqual([verdict, 1]);
  expect(judged.reasons[0]).toMatch(sentence);
});

test('a few bad records among very many, and what is long past, are history', () => {
  const few = last({ rejectedRecords: 100 });
  const past = [{ ...minute, refusedRequests: 50 }, ...healthy.minutes.slice(1)];
  expect(judge({ ...healthy, minutes: few }).verdict).toBe('ok');
  expect(judge({ ...healthy, minutes: past }).verdict).toBe('ok');
});

test('the worst decides, and everything is said, the worst first', () => {
  const judged = judge({ ...healthy, store: null, minutes: last({ refusedRequests: 1 }) });
  expect(judged.verdict).toBe('failing');
  expect(judged.reasons.map((reason) => reason.split(' ')[0])).toEqual(['The', '1']);
});
