/** What is said of a run. */
import type { FindingCount, RunPattern, RunStatus, RunSummary } from 'orchescope/contract';
import { labelOf } from '../findings/finding-labels.ts';
import { formatDuration, formatExactCount } from '../format.ts';
import { durationShare } from '../list/cell-words.ts';

/** A run as it was read: an open one has aged since. */
export type ReadRun<Run> = Run & { readonly readAtMs: number };

export const statusWords: Readonly<Record<RunStatus, string>> = {
  running: 'Running',
  completed: 'Completed',
  failed: 'Failed',
  cancelled: 'Cancelled',
  suspended: 'Suspended',
  partial: 'Partial',
};

export const statusMeanings: Readonly<Record<RunStatus, string>> = {
  running: 'no end was seen yet',
  completed: 'ended with its result',
  failed: 'ended without its result',
  cancelled: 'somebody stopped it',
  suspended: 'waits for a person or a resume',
  partial: 'ended with a result that lacks something',
};

/** Empty where nothing is worth saying. */
export function patternWord(pattern: RunPattern): string {
  return pattern === 'unknown' ? '' : pattern.replaceAll('_', ' ');
}

/** An open run goes on by the clock of this browser, from what the server last said. */
export function ageOf(
  run: ReadRun<Pick<RunSummary, 'durationMs' | 'endTimeUnixNano'>>,
  nowMs: number,
): number {
  if (run.endTimeUnixNano !== null) return run.durationMs;
  return run.durationMs + Math.max(0, nowMs - run.readAtMs);
}

/** Length of the bar, and which part of it is waiting; both 0 to 1. */
export function durationBar(
  run: Pick<RunSummary, 'waitingMs' | 'activeMs'>,
  durationMs: number,
  longestMs: number,
): { readonly length: number; readonly waiting: number } {
  const told = run.waitingMs + run.activeMs;
  return {
    length: durationShare(durationMs, longestMs),
    waiting: told > 0 ? run.waitingMs / told : 0,
  };
}

export function durationInWords(
  run: Pick<RunSummary, 'waitingMs' | 'activeMs' | 'endTimeUnixNano'>,
  durationMs: number,
): string {
  const parts = [
    `${formatExactCount(Math.round(durationMs))} ms${run.endTimeUnixNano === null ? ' until now' : ''}`,
    `${formatDuration(run.activeMs)} at work`,
  ];
  if (run.waitingMs > 0) parts.push(`${formatDuration(run.waitingMs)} waiting`);
  return parts.join(', ');
}

export function countFindings(findings: readonly FindingCount[]): number {
  return findings.reduce((sum, { count }) => sum + count, 0);
}

/** One line a kind, worst first. */
export function findingsInWords(findings: readonly FindingCount[]): string {
  return findings
    .map(({ kind, severity, count }) => `${severity}: ${labelOf(kind)}${times(count)}`)
    .join('\n');
}

export function times(count: number): string {
  return count > 1 ? ` ×${count}` : '';
}
