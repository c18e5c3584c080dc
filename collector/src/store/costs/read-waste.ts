/** What was spent for nothing in a range, by class. A call is in one class at most. */
import { toScopeParams } from '../runs-sql.ts';
import { readRows, type Reader } from '../read-rows.ts';
import type { SqlFragment } from '../store.ts';
import { toBothSources, type CallsPart, type DaysAsk } from './both-sources.ts';
import { withWasteAlone, type MadeDay } from './made-days.ts';
import { examplesPerClass } from './make-waste.ts';
import { toPeriodSql, type PricePeriods } from './price-periods.ts';
import type { ModelUse } from './read-costs.ts';
import { toTrillionths } from './sum-text.ts';
import { toUnreadOfRangeSql } from './unread-writes.ts';

/** Waste of one class by one model: what it costs where the class takes a part of a call is for who knows prices. */
export type WasteOfModel = ModelUse & {
  readonly class: string;
  /** What the calls cost as a whole, in trillionths of a USD. */
  readonly cost: bigint;
  /** Of whole calls: all of them. Of a part: those that were sent again, or written and never read. */
  readonly tokens: number;
  readonly calls: number;
  /** Each at one call of the class alone: over models they add up. */
  readonly runs: number;
};

export type WasteAsk = DaysAsk & {
  /** All that there are, also when a filter asks for more than their sums know. */
  readonly allDays: readonly MadeDay[];
  readonly periods: PricePeriods;
};

/** What is said of each call by its run. A run is counted where its first call of the class lies. */
function toClassesSql({ scope, days, periods }: WasteAsk): string {
  const group = ['class', 'provider', 'model', 'price_day'];
  const keys = (day: string): string[] => [
    'waste_class AS class',
    'provider',
    'model',
    `${toPeriodSql(day, periods)} AS price_day`,
  ];
  const ofCalls: CallsPart = {
    select: [
      ...keys('toDate(call_start)'),
      'sum(cost) AS spent',
      'sum(waste_tokens) AS tokens_of',
      'count() AS calls_of',
      'countIf(nth = 1) AS runs_of',
    ],
    ask: {
      calls: ['provider', 'model', 'cost', 'waste_class', 'waste_tokens'],
      nth: { nth: ['waste_class'] },
    },
    condition: "waste_class != ''",
  };
  const ofDays = ['cost', 'tokens', 'calls', 'runs'].map(
    (name) => `sum(${name}) AS ${name === 'cost' ? 'spent' : `${name}_of`}`,
  );
  const both = toBothSources({ scope, days }, group, ofCalls, {
    table: 'cost_waste_days',
    select: [...keys('call_day'), ...ofDays],
    condition: "fact = 'class'",
  });
  return `SELECT ${group.join(', ')}, toString(ifNull(sum(spent), 0)) AS cost_usd,
  sum(tokens_of) AS tokens, sum(calls_of) AS calls, sum(runs_of) AS runs
FROM (
${both}
)
GROUP BY ${group.join(', ')}`;
}

/** Each run is counted at its first of them. */
function toUnreadClassSql({ scope, days, allDays, periods }: WasteAsk): string {
  const day = "toDate(fromUnixTimestamp64Nano(at, 'UTC'))";
  return `SELECT 'unread_cache_write' AS class, provider, model, ${toPeriodSql(day, periods)} AS price_day,
  toString(sum(spent)) AS cost_usd, sum(written) AS tokens, count() AS calls, countIf(nth = 1) AS runs
FROM (
SELECT provider, model, at, spent, written, row_number() OVER (PARTITION BY run_id ORDER BY at) AS nth
FROM (
${toUnreadOfRangeSql(scope, days, allDays)}
)
)
GROUP BY provider, model, price_day`;
}

export function toWasteSql(ask: WasteAsk): SqlFragment {
  const known = { ...ask, days: withWasteAlone(ask.days), allDays: withWasteAlone(ask.allDays) };
  const sql = `${toClassesSql(known)}
UNION ALL
${toUnreadClassSql(known)}`;
  return { sql, params: toScopeParams(ask.scope) };
}

export async function readWaste(
  reader: Reader,
  projectId: string,
  ask: WasteAsk,
): Promise<WasteOfModel[]> {
  const rows = await readRows(reader, projectId, toWasteSql(ask));
  return rows.map((row) => ({
    class: String(row['class']),
    projectId,
    provider: String(row['provider']),
    model: String(row['model']),
    priceDay: Number(row['price_day']),
    cost: toTrillionths(row['cost_usd']),
    tokens: Number(row['tokens']),
    calls: Number(row['calls']),
    runs: Number(row['runs']),
  }));
}

export type WastefulRun = {
  readonly runId: string;
  readonly traceId: string;
  readonly workflow: string;
  readonly cost: bigint;
};

/** Runs whose calls of a class cost most, the dearest first. */
export async function readWastefulRuns(
  reader: Reader,
  projectId: string,
  { scope, days }: DaysAsk,
): Promise<ReadonlyMap<string, readonly WastefulRun[]>> {
  const group = ['waste_class', 'run_id', 'root_trace_id', 'workflow'];
  const select = [...group, 'sum(cost) AS spent'];
  const ofCalls: CallsPart = {
    select,
    ask: { calls: ['cost', 'waste_class'], runs: ['run_id', 'root_trace_id', 'workflow'] },
    condition: "waste_class != ''",
  };
  const ofDays = { table: 'cost_waste_days', select, condition: "fact = 'run'" } as const;
  const sql = `SELECT waste_class AS class, run_id, any(root_trace_id) AS trace_id, any(workflow) AS workflow,
  toString(sum(toDecimal128(ifNull(spent, 0), 12))) AS cost_usd
FROM (
${toBothSources({ scope, days: withWasteAlone(days) }, group, ofCalls, ofDays)}
)
GROUP BY class, run_id
ORDER BY class, sum(toDecimal128(ifNull(spent, 0), 12)) DESC, run_id
LIMIT {examples:UInt32} BY class`;
  const params = { ...toScopeParams(scope), examples: examplesPerClass };
  const runs = new Map<string, WastefulRun[]>();
  for (const row of await readRows(reader, projectId, { sql, params })) {
    const name = String(row['class']);
    const run = {
      runId: String(row['run_id']),
      traceId: String(row['trace_id']),
      workflow: String(row['workflow']),
      cost: toTrillionths(row['cost_usd']),
    };
    runs.set(name, [...(runs.get(name) ?? []), run]);
  }
  return runs;
}
