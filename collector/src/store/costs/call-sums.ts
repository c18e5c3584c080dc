/** What is added up over calls, in the names of the columns of `cost_days`. Pure text. */
import { isWholeWaste, needsPrice, type CallColumn, type PerCall } from './call-rows.ts';

/** Sums of decimals are exact, and as wide as they need be. A sum over nothing but NULL is nothing. */
const usd = (column: string): string => `ifNull(sum(${column}), 0)`;
const usdIf = (column: string, condition: string): string =>
  `ifNull(sumIf(${column}, ${condition}), 0)`;
const tokens = (column: string): string => `toUInt64(ifNull(sum(${column}), 0))`;
const tokensIf = (column: string, condition: string): string =>
  `toUInt64(ifNull(sumIf(${column}, ${condition}), 0))`;

/** The sender told a cost, and the list knows one. */
const hasBoth = "cost_source = 'reported' AND isNotNull(cost) AND isNotNull(computed_cost)";

export const callSums = {
  cost: usd('cost'),
  reported: usdIf('cost', "cost_source = 'reported'"),
  computed: usd('computed_cost'),
  computed_calls: 'count(computed_cost)',
  compared_calls: `countIf(${hasBoth})`,
  compared_reported: usdIf('cost', hasBoth),
  compared_computed: usdIf('computed_cost', hasBoth),
  estimated: usdIf('cost', "price_match = 'prefix' AND cost_source = 'computed'"),
  calls: 'count()',
  priced_calls: `countIf(isNotNull(cost) OR NOT ${needsPrice})`,
  input_tokens: tokens('fresh'),
  cache_read_tokens: tokens('cache_read'),
  cache_write_tokens: tokens('cache_write'),
  output_tokens: tokens('output'),
  reasoning_tokens: tokens('reasoning'),
  silent_calls: 'countIf(isNull(fresh) AND isNull(output) AND call_failed = 0)',
  conflicting_calls:
    "countIf(isNotNull(fresh) AND isNotNull(output) AND isNull(cost) AND price_match != 'none')",
  waste: usdIf('cost', isWholeWaste),
  cached_read: tokensIf('cache_read', 'isNotNull(cost)'),
  cached_written: tokensIf('cache_write', 'isNotNull(cost)'),
  uncached: tokensIf('waste_tokens', "waste_class = 'uncached_context' AND isNotNull(cost)"),
} as const;
export type CallSum = keyof typeof callSums;

export const sumNames = Object.keys(callSums) as readonly CallSum[];

/** Of a call, all that the sums look at. */
export const summedColumns: readonly CallColumn[] = [
  'cost',
  'cost_source',
  'computed_cost',
  'price_match',
  'fresh',
  'cache_read',
  'cache_write',
  'output',
  'reasoning',
  'call_failed',
  'waste_class',
  'waste_tokens',
];

/** Entries of the arrays of `cost_days` that count runs. */
export const runSets: readonly (readonly PerCall[])[] = [
  [],
  ['agent'],
  ['model'],
  ['provider'],
  ['tool'],
  ['agent', 'model'],
  ['agent', 'provider'],
  ['agent', 'tool'],
  ['model', 'provider'],
  ['model', 'tool'],
  ['provider', 'tool'],
];

/** Place of a set, from 1 on as in SQL. */
export function placeOfSet(keys: readonly PerCall[]): number {
  const isSame = (set: readonly PerCall[]): boolean =>
    set.length === keys.length && set.every((key) => keys.includes(key));
  return runSets.findIndex(isSame) + 1;
}

/** A run is counted at its first call with the same values: `nth` = 1 there. */
export const runSums = {
  runs: (nth: string): string => `countIf(${nth} = 1)`,
  successful_runs: (nth: string): string => `countIf(${nth} = 1 AND succeeded)`,
  handoffs: (nth: string): string => `sumIf(handoff_count, ${nth} = 1)`,
} as const;
