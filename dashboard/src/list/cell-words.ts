/** What cells of a list say. */
import { plural } from '../format.ts';

/** Two names and how many more: "planner, researcher +3". */
export function shortList(names: readonly string[]): string {
  const shown = names.slice(0, 2).join(', ');
  return names.length > 2 ? `${shown} +${names.length - 2}` : shown;
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
