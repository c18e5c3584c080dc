/** What pricing again asks the store, and what it writes. Pure text. */
import { chargeRows, toolUsesPrefix } from '../ingest/dialects/charge-keys.ts';
import { pricedKinds } from '../ingest/pricing/pricer.ts';
import {
  betweenKeys,
  inRange,
  latestFirst,
  sortingKey,
  toKeyParams,
  toRangeParams,
  type KeyRange,
  type SpanKey,
  type TimeRange,
} from '../remap/stored-span-sql.ts';
import { fromProject } from '../store/read-rows.ts';
import type { SqlFragment } from '../store/store.ts';

const kinds = [...pricedKinds];
const chargeKeys = [...new Set(chargeRows.map(([, key]) => key))];

/** Names one copy of a span. */
const copyName = `concat(trace_id, span_id, ' ', toString(toUnixTimestamp(toStartOfMinute(start_time))), ' ',
    toString(version), ' ', toString(mapper_version), ' ', toString(price_edition))`;

/** Days with calls, newest first. Copies count. */
export function toCallDaysSql(range: TimeRange): SqlFragment {
  const sql = `SELECT toString(toDate(start_time)) AS day, toUInt32(toDate(start_time)) AS days_since_1970, count() AS row_count
FROM ${fromProject('spans')}
  AND ${inRange}
  AND kind IN {kinds:Array(String)}
GROUP BY day, days_since_1970
ORDER BY days_since_1970 DESC`;
  return { sql, params: { ...toRangeParams(range), kinds } };
}

/** The next spans after a key, in the order of the table, and whether each is a call: a copy of it may be something else. */
export function toSpanKeysSql(range: TimeRange, after: SpanKey, limit: number): SqlFragment {
  const sql = `SELECT toUnixTimestamp(toStartOfMinute(start_time)) AS minute, trace_id, span_id,
  kind IN {kinds:Array(String)} AS is_call, ${copyName} AS copy
FROM ${fromProject('spans')}
  AND ${inRange}
  AND start_time >= toDateTime({minute:UInt32}, 'UTC')
  AND (${sortingKey}) > (toDateTime({minute:UInt32}, 'UTC'), {traceId:String}, {spanId:String})
${latestFirst}
LIMIT {limit:UInt32}`;
  return { sql, params: { ...toRangeParams(range), ...after, limit, kinds } };
}

const isChargeKey =
  '(k, v) -> has({chargeKeys:Array(String)}, k) OR startsWith(k, {toolUses:String})';

/** What the price of these copies depends on, and what it was. Of the attributes those alone that say what is charged. */
export function toCallsSql(
  range: TimeRange,
  keys: KeyRange,
  copies: readonly string[],
): SqlFragment {
  const sql = `SELECT ${copyName} AS copy, trace_id, kind, provider, model_requested, model_answered,
  toString(toUnixTimestamp64Nano(start_time)) AS start_unix_nano, toString(version) AS end_unix_nano,
  input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, reasoning_tokens,
  toString(cost_usd) AS cost, cost_source, toString(computed_cost_usd) AS computed_cost, price_version, price_match,
  mapFilter(${isChargeKey}, attributes) AS charge_attributes,
  mapKeys(charge_attributes) AS attribute_keys, mapValues(charge_attributes) AS attribute_values,
  mapFilter(${isChargeKey}, attribute_types) AS charge_types,
  mapKeys(charge_types) AS attribute_type_keys, mapValues(charge_types) AS attribute_type_values
FROM ${fromProject('spans')}
  AND ${inRange}
  AND ${betweenKeys}
  AND copy IN {copies:Array(String)}
LIMIT 1 BY copy`;
  const params = {
    ...toRangeParams(range),
    ...toKeyParams(keys),
    copies: [...copies],
    chargeKeys,
    toolUses: toolUsesPrefix,
  };
  return { sql, params };
}

/** A copy, and its price of today. Empty amounts are not known. */
export type NewPrice = {
  readonly copy: string;
  readonly costUsd: string;
  readonly costSource: string;
  readonly computedCostUsd: string;
  readonly priceVersion: string;
  readonly priceMatch: string;
};

/**
 * Everything else is copied inside the store, since and until when it is kept too: so the row is in the partition of the
 * one it takes the place of, and merges with it. A copy that is gone by now is not written.
 */
export function toNewRowsSql(
  range: TimeRange,
  keys: KeyRange,
  prices: readonly NewPrice[],
  edition: number,
): SqlFragment {
  const sql = `INSERT INTO spans
WITH indexOf({copies:Array(String)}, ${copyName}) AS place
SELECT * REPLACE (
  {edition:UInt32} AS price_edition,
  toDecimal64OrNull({costs:Array(String)}[place], 12) AS cost_usd,
  {sources:Array(String)}[place] AS cost_source,
  toDecimal64OrNull({computedCosts:Array(String)}[place], 12) AS computed_cost_usd,
  {versions:Array(String)}[place] AS price_version,
  {matches:Array(String)}[place] AS price_match
)
FROM (
  SELECT *
  FROM ${fromProject('spans')}
    AND ${inRange}
    AND ${betweenKeys}
    AND ${copyName} IN {copies:Array(String)}
  LIMIT 1 BY ${copyName}
)`;
  const column = (name: keyof NewPrice): string[] => prices.map((price) => price[name]);
  const params = {
    ...toRangeParams(range),
    ...toKeyParams(keys),
    edition,
    copies: column('copy'),
    costs: column('costUsd'),
    sources: column('costSource'),
    computedCosts: column('computedCostUsd'),
    versions: column('priceVersion'),
    matches: column('priceMatch'),
  };
  return { sql, params };
}
