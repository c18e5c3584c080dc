/** The columns of the list, in order, and which of them the server can sort by. */
import type { TraceSort } from 'orchescope/contract';
import { plural } from '../format.ts';

export type TraceColumn = {
  readonly id: string;
  readonly label: string;
  readonly sort: TraceSort | null;
  readonly numeric: boolean;
};

export const traceColumns: readonly TraceColumn[] = [
  { id: 'status', label: 'Status', sort: null, numeric: false },
  { id: 'time', label: 'Time', sort: 'start_time', numeric: false },
  { id: 'name', label: 'Name', sort: null, numeric: false },
  { id: 'agents', label: 'Agents', sort: null, numeric: false },
  { id: 'duration', label: 'Duration', sort: 'duration', numeric: true },
  { id: 'spans', label: 'Spans', sort: 'spans', numeric: true },
  { id: 'tokens', label: 'Tokens', sort: 'tokens', numeric: true },
  { id: 'cost', label: 'Cost', sort: 'cost', numeric: true },
  { id: 'errors', label: 'Errors', sort: 'errors', numeric: false },
];

/** Two names and how many more: "planner, researcher +3". */
export function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 2).join(', ');
  return names.length > 2 ? `${shown} +${names.length - 2}` : shown;
}

/** null when neither side was told. */
export function totalTokens(input: number | null, output: number | null): number | null {
  return input === null && output === null ? null : (input ?? 0) + (output ?? 0);
}

/**
 * Length of the bar, 0 to 1, on a logarithmic scale: runs of a second and runs of an hour stand in one list, and a
 * plain scale would show the hour alone.
 */
export function durationShare(durationMs: number, longestMs: number): number {
  if (durationMs <= 0 || longestMs <= 0) return 0;
  return Math.min(1, Math.max(0.02, Math.log1p(durationMs / 10) / Math.log1p(longestMs / 10)));
}

/** The exact amount, and what it leaves out. */
export function costInWords(costUsd: string | null, unpricedCalls: number): string {
  const amount = costUsd === null ? 'not known' : `$${costUsd}`;
  if (unpricedCalls === 0) return amount;
  return `${amount}; no cost is known for ${plural(unpricedCalls, 'model call', 'model calls')}`;
}
