/** Which runs a query is about, from its range and its filter. */
import type { RunScope } from '../store/runs-sql.ts';
import { readRange, type Range } from './read-range.ts';
import { toRunConditions } from './run-filter.ts';

export type ScopeQuery = { readonly from: string; readonly to: string; readonly q: string };

/** @throws ApiFailure or FilterError that says what to change */
export function toRunScope(query: ScopeQuery): { readonly range: Range; readonly scope: RunScope } {
  const conditions = toRunConditions(query.q);
  const range = readRange(query);
  return {
    range,
    scope: {
      fromUnixNano: range.from,
      toUnixNano: range.to,
      conditions,
      nowUnixNano: nowUnixNano(),
    },
  };
}

export function nowUnixNano(): bigint {
  return BigInt(Date.now()) * 1_000_000n;
}
