import type { IngestHealth } from 'orchescope/contract';
import { expect, test } from 'vitest';
import {
  describeArrival,
  describeLag,
  lostRecords,
  sdkOf,
  serviceFilter,
  sumRecent,
} from './ingest-facts.ts';

const now = Date.parse('2026-11-21T10:00:00Z');
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
const arrival = (lastTakenAt: string | null) =>
  describeArrival({ startedAt: ago(180), lastTakenAt } as IngestHealth, now);

test('whether anything arrives is one sentence', () => {
  expect(arrival(null)).toBe('Nothing has arrived since the server started, 3 h ago.');
  expect(arrival(ago(4))).toBe('The last data came 4 min ago; the server started 3 h ago.');
});

test('how far behind queries are is one sentence', () => {
  const lag = (log: unknown) => describeLag({ log } as IngestHealth);
  expect(lag(null)).toContain('straight into the store');
  expect(lag({ waitingRows: 0, oldestAgeMs: 0 })).toBe('All that was acknowledged can be read.');
  expect(lag({ waitingRows: 1, oldestAgeMs: 1_500 })).toBe(
    '1 row waits on disk for the store, the oldest for 1.5 s.',
  );
  expect(lag({ waitingRows: 61_000, oldestAgeMs: 90_000 })).toBe(
    '61,000 rows wait on disk for the store, the oldest for 1 m 30 s.',
  );
});

test('recent is the last five minutes, the running one with them', () => {
  expect(sumRecent([100, 1, 2, 3, 4, 5])).toBe(15);
  expect(sumRecent([])).toBe(0);
});

test.each([
  [0, 0, 'nothing refused'],
  [1, 0, '1 request refused'],
  [0, 1, '1 record rejected'],
  [2, 3_000, '3,000 records rejected, 2 requests refused'],
])('%i refused requests and %i rejected records are %j', (refusedRequests, rejected, words) => {
  const signal = { refusedRequests, rejectedRecords: rejected };
  expect(lostRecords(signal as Parameters<typeof lostRecords>[0])).toBe(words);
});

test('an SDK is named with what is known of it', () => {
  const sdk = (sdkName: string, sdkLanguage: string, sdkVersion: string) =>
    sdkOf({ sdkName, sdkLanguage, sdkVersion } as Parameters<typeof sdkOf>[0]);
  expect(sdk('opentelemetry', 'nodejs', '2.1.0')).toBe('opentelemetry nodejs 2.1.0');
  expect(sdk('', '', '1')).toBe('1');
  expect(sdk('', '', '')).toBe('');
});

test('a service that a filter cannot name has none', () => {
  expect(serviceFilter('check out')).toBe('service:"check out"');
  expect(serviceFilter('a"b')).toBeNull();
  expect(serviceFilter('')).toBeNull();
});
