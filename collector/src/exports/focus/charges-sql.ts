/** Calls of a period with the same values, as rows: what is charged for. Pure text. */
import { fromCalls, needsPrice } from '../../store/costs/call-rows.ts';
import { toScopeParams, type RunScope } from '../../store/runs-sql.ts';
import type { SqlFragment } from '../../store/store.ts';

/** In the order of the SELECT. Calls that have a price and calls that have none are rows of their own. */
const chargeColumns = {
  period_start: `toString(intDiv(toUnixTimestamp64Milli(call_start), {periodMs:Int64}) * {periodMs:Int64})`,
  provider: 'toString(provider)',
  model: 'toString(model)',
  workflow: 'toString(workflow)',
  agent: 'toString(agent)',
  environment: 'toString(environment)',
  tags: 'arraySort(arrayMap(tag -> toString(tag), tags))',
  is_priced: 'isNotNull(cost)',
  is_reported: "cost_source = 'reported'",
} as const;
const sums = {
  cost: 'toString(ifNull(sum(toDecimal128(cost, 12)), 0))',
  calls: 'toString(count())',
  input: 'toString(sum(ifNull(fresh, 0)))',
  cache_read: 'toString(sum(ifNull(cache_read, 0)))',
  cache_write: 'toString(sum(ifNull(cache_write, 0)))',
  output: 'toString(sum(ifNull(output, 0)))',
  reasoning: 'toString(sum(ifNull(reasoning, 0)))',
} as const;

/** A call that failed is charged for whatever it told to have used, though it told neither input nor output. */
const toldCacheOrReasoning =
  'isNotNull(cache_read) OR isNotNull(cache_write) OR isNotNull(reasoning)';

export function toChargesSql(scope: RunScope, periodMs: number): SqlFragment {
  const select = [...Object.entries(chargeColumns), ...Object.entries(sums)].map(
    ([name, sql]) => `${sql} AS out_${name}`,
  );
  const keys = Object.keys(chargeColumns).map((name) => `out_${name}`);
  const calls = fromCalls(scope, {
    calls: [
      'provider',
      'model',
      'agent',
      'cost',
      'cost_source',
      'fresh',
      'cache_read',
      'cache_write',
      'output',
      'reasoning',
      'call_failed',
    ],
    runs: ['workflow', 'environment', 'tags'],
  });
  const sql = `SELECT ${select.join(',\n  ')}
FROM ${calls}
  AND (${needsPrice} OR ${toldCacheOrReasoning})
GROUP BY ${keys.join(', ')}
ORDER BY ${keys.join(', ')}`;
  return { sql, params: { ...toScopeParams(scope), periodMs } };
}
