/** What calls of models cost in a range and in the one before, by model and window, in one pass. Counts calls as a report of costs does. */
import { needsPrice } from '../costs/call-rows.ts';
import { toTrillionths } from '../costs/sum-text.ts';
import { readRows, type Reader } from '../read-rows.ts';
import { fromRuns, toScopeParams } from '../runs-sql.ts';
import type { SqlFragment } from '../store.ts';
import { atWindow, toComparedParams, toComparedScope, type Compared } from './compared.ts';

export type CallWindow = {
  readonly model: string;
  /** -1 = the whole range before. */
  readonly at: number;
  readonly calls: number;
  readonly pricedCalls: number;
  /** Trillionths of a USD. */
  readonly cost: bigint;
};

export async function readCallWindows(
  reader: Reader,
  projectId: string,
  compared: Compared,
): Promise<CallWindow[]> {
  const rows = await readRows(reader, projectId, toCallWindowsSql(compared));
  return rows.map((row) => ({
    model: String(row['name']),
    at: Number(row['at']),
    calls: Number(row['calls']),
    pricedCalls: Number(row['priced_calls']),
    cost: toTrillionths(row['cost_usd']),
  }));
}

/** Arrays of calls are most of what a run is: none is read that is not needed. */
const arrays = {
  model: 'model_call_models',
  call_start: 'model_call_starts',
  call_failed: 'model_call_failed',
  fresh: 'model_call_input_tokens',
  output: 'model_call_output_tokens',
  cost: 'model_call_costs',
} as const;

function toCallWindowsSql(compared: Compared): SqlFragment {
  const scope = toComparedScope(compared);
  const joined = Object.entries(arrays).map(([name, array]) => `${array} AS ${name}`);
  return {
    sql: `SELECT name, at, count() AS calls, countIf(isNotNull(cost) OR NOT ${needsPrice}) AS priced_calls,
  toString(ifNull(sum(cost), 0)) AS cost_usd
FROM (
SELECT model AS name, call_failed, fresh, output, cost,
  toUnixTimestamp64Nano(call_start) AS moment, ${atWindow} AS at
FROM ${fromRuns(Object.values(arrays).join(', '), scope, 'lived')}
ARRAY JOIN ${joined.join(', ')}
WHERE moment >= {from:Int64} AND moment < {to:Int64}
)
GROUP BY name, at
ORDER BY name, at`,
    params: { ...toScopeParams(scope), ...toComparedParams(compared) },
  };
}
