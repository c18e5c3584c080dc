/**
 * Quantiles as nearest ranks: the least value that at least that share of all do not exceed. ClickHouse takes the next
 * one where the share falls on a value, but of the negated values, from the other end, its 0.05 is our 0.95.
 */

/** p50, p95 and p99 as one state over negated values. */
export const rankLevels = '0.5, 0.05, 0.01';

/** [p50, p95] of an expression, where a condition holds. */
export function toRanksSql(expression: string, condition = '1'): string {
  return `arrayMap(rank -> -rank, quantilesExactIf(0.5, 0.05)(-${expression}, ${condition}))`;
}
