/** The time around an incident, as a range that the other pages understand. */
import type { Incident } from 'orchescope/contract';
import type { Scope } from '../../routes.ts';

/** Runs that made it fire began before: a window is rarely longer. */
const beforeMs = 15 * 60_000;
const afterMs = 60_000;

export function incidentRange(
  { startedAtMs, endedAtMs }: Pick<Incident, 'startedAtMs' | 'endedAtMs'>,
  nowMs: number,
): Pick<Scope, 'from' | 'to'> {
  const from = new Date(startedAtMs - beforeMs).toISOString();
  if (endedAtMs === null || endedAtMs + afterMs > nowMs) return { from, to: 'now' };
  return { from, to: new Date(endedAtMs + afterMs).toISOString() };
}
