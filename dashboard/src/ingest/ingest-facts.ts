/** What the page says in words and sums, without a browser. */
import type { IngestHealth, IngestSender, IngestSignal } from 'orchescope/contract';
import { formatAgo, formatDuration, plural } from '../format.ts';

export const recentMinutes = 5;

/** One, and many. */
export const recordWords = {
  traces: ['span', 'spans'],
  logs: ['log record', 'log records'],
  metrics: ['data point', 'data points'],
} as const;

export const verdictWords = {
  ok: 'Everything that arrives is taken',
  degraded: 'Something needs a look',
  failing: 'What arrives cannot be stored',
} as const;

export function sumRecent(minutes: readonly number[]): number {
  return minutes.slice(-recentMinutes).reduce((sum, count) => sum + count, 0);
}

/** Whether anything arrives, in one sentence. */
export function describeArrival({ lastTakenAt, startedAt }: IngestHealth, nowMs: number): string {
  const up = formatAgo(Date.parse(startedAt), nowMs);
  if (lastTakenAt === null) return `Nothing has arrived since the server started, ${up}.`;
  return `The last data came ${formatAgo(Date.parse(lastTakenAt), nowMs)}; the server started ${up}.`;
}

/** How far queries are behind what was acknowledged, in one sentence. */
export function describeLag({ log }: IngestHealth): string {
  if (log === null)
    return 'Data is written straight into the store: what was acknowledged can be read.';
  if (log.waitingRows === 0) return 'All that was acknowledged can be read.';
  const rows = plural(log.waitingRows, 'row waits', 'rows wait');
  return `${rows} on disk for the store, the oldest for ${formatDuration(log.oldestAgeMs)}.`;
}

export function lostRecords({ refusedRequests, rejectedRecords }: IngestSignal): string {
  const parts = [
    rejectedRecords > 0 ? `${plural(rejectedRecords, 'record', 'records')} rejected` : '',
    refusedRequests > 0 ? `${plural(refusedRequests, 'request', 'requests')} refused` : '',
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'nothing refused' : parts.join(', ');
}

/** "opentelemetry nodejs 2.1.0", with what is known of it. */
export function sdkOf({ sdkName, sdkLanguage, sdkVersion }: IngestSender): string {
  return [sdkName, sdkLanguage, sdkVersion].filter((part) => part !== '').join(' ');
}

/** Null when the filter has no way to write the name. */
export function serviceFilter(serviceName: string): string | null {
  return serviceName === '' || serviceName.includes('"') ? null : `service:"${serviceName}"`;
}
