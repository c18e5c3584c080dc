import { createHash } from 'node:crypto';
import type { AlertRule } from '../../contract.ts';

/**
 * Of all that decides whether a rule fires. Names, routing, and how often it is looked at are not among them: whoever
 * corrects a title or adds a channel ends no incident.
 */
export function hashOfRule(rule: AlertRule): string {
  const { metric, aggregation, filter, by, window, condition, for: wait, keepFiring } = rule;
  const { minSamples, minBad, minPricedShare, noData, absentFor } = rule;
  const measured = { metric, aggregation, filter, by, window };
  const judged = { condition, wait, keepFiring, minSamples, minBad, minPricedShare };
  const text = JSON.stringify(sorted({ ...measured, ...judged, noData, absentFor }));
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** The same text whatever order the keys came in. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return entries.map(([name, one]) => [name, sorted(one)]);
}
