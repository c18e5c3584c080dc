/**
 * One scan for many windows of one metric: thousands of rules read the same few metrics, each with a filter and a
 * window of its own. A run knows which asks may count it, each sample of it is counted by those whose window holds it.
 * Pure text.
 */
import type { MetricSource } from './metric-sources.ts';
import { toScopeParams } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';
import { groupOf, sampleColumns, toFigures, toJoined, type WindowAsk } from './window-sql.ts';

/** An ask, and its place among all of a statement. */
export type PlacedAsk = { readonly ask: WindowAsk; readonly place: number };

const names = new Map<MetricSource, number>();

/** Asks of one key can be read by one scan, which is not much longer than the shortest of them needs. */
export function toShareKey(ask: WindowAsk): string {
  const { source, groupBy, aggregation, direction, limit, conditions } = ask;
  const name = names.get(source) ?? names.size;
  names.set(source, name);
  const length = Math.max(1, Number(ask.toUnixNano - ask.fromUnixNano) / 60e9);
  // A running run has lasted until now: that is another one for each ask.
  const isUntilNow = conditions.some(({ sql }) => sql.includes('elapsed_ns'));
  const now = isUntilNow ? ask.nowUnixNano.toString() : '';
  return JSON.stringify([
    name,
    groupBy,
    aggregation,
    direction,
    limit,
    Math.floor(Math.log2(length) / 2),
    now,
  ]);
}

/** Columns: `place`, `name`, `samples`, `value`, `bad`, `priced` and `names`, how many groups there are. */
export function toSharedWindowSql(asks: readonly [PlacedAsk, ...PlacedAsk[]]): SqlFragment {
  const [{ ask }] = asks;
  const { source, groupBy, aggregation, direction } = ask;
  const watched = asks.some((one) => one.ask.watched !== undefined);
  const aggregates =
    source.shape === 'active' ? perAsk(toOpen(aggregation)) : toFigures(source, aggregation);
  const sql = `SELECT ${of('places', 'UInt32')} AS place, name, samples, value, bad, priced, names
FROM (
SELECT *, toUInt32(count() OVER (PARTITION BY ask)) AS names
FROM (
SELECT ask, name, ${aggregates}
FROM (
${toSamples(perAskOf(source), groupBy, asks)}
)
GROUP BY ask, name${source.priced === undefined ? '' : '\nHAVING samples > 0 OR sum(calls) > 0'}
)
ORDER BY ask, ${watched ? `has(${of('watched', 'Array(String)')}, name) DESC, ` : ''}samples >= ${of('leasts', 'UInt64')} DESC, value ${direction === 'above' ? 'DESC' : 'ASC'}, name
LIMIT {limit:UInt32} BY ask
)`;
  return { sql, params: { ...toParams(asks), ...(watched && { watched: asks.map(toWatched) }) } };
}

function toParams(asks: readonly [PlacedAsk, ...PlacedAsk[]]): Record<string, unknown> {
  const each = (pick: (ask: WindowAsk) => bigint): bigint[] => asks.map(({ ask }) => pick(ask));
  return {
    ...toScopeParams(toScope(asks)),
    ...Object.assign({}, ...asks.map((_, at) => toOwnCondition(asks, at).params)),
    places: asks.map(({ place }) => place),
    asks: asks.map((_, at) => at + 1),
    froms: each(({ fromUnixNano }) => fromUnixNano),
    tos: each(({ toUnixNano }) => toUnixNano),
    nows: each(({ nowUnixNano }) => nowUnixNano),
    leasts: asks.map(({ ask }) => ask.minSamples),
    limit: asks[0].ask.limit,
  };
}

const toWatched = ({ ask }: PlacedAsk): string[] => [...(ask.watched ?? [])];

/** From the first window to the last; what all ask for is asked of the store, which may leave out runs by it. */
function toScope(asks: readonly [PlacedAsk, ...PlacedAsk[]]) {
  const [{ ask: first }, ...others] = asks;
  let { fromUnixNano, toUnixNano, nowUnixNano } = first;
  for (const { ask } of others) {
    if (ask.fromUnixNano < fromUnixNano) ({ fromUnixNano } = ask);
    if (ask.toUnixNano > toUnixNano) ({ toUnixNano } = ask);
    if (ask.nowUnixNano > nowUnixNano) ({ nowUnixNano } = ask);
  }
  const conditions = isOneFilter(asks) ? first.conditions : [];
  return { fromUnixNano, toUnixNano, nowUnixNano, conditions };
}

function isOneFilter(asks: readonly PlacedAsk[]): boolean {
  const [first, ...others] = asks.map(({ ask }) => JSON.stringify(ask.conditions));
  return others.every((one) => one === first);
}

/** What an ask alone asks for, with parameters of its own. */
function toOwnCondition(asks: readonly PlacedAsk[], at: number): SqlFragment {
  const conditions = asks[at]?.ask.conditions ?? [];
  const sql = conditions.map((one) => `(${one.sql})`).join(' AND ');
  const params = Object.assign({}, ...conditions.map((one) => one.params));
  return {
    sql: sql.replaceAll(/\{(\w+):/g, (text, name: string) =>
      Object.hasOwn(params, name) ? `{c${at}_${name}:` : text,
    ),
    params: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [`c${at}_${name}`, value]),
    ),
  };
}

/** Which asks look at a run: those that it lived in the window of, and whose filter it passes. */
function toAsksOfRun(asks: readonly PlacedAsk[]): string {
  const lived = `toUnixTimestamp64Nano(start_time) < ends AND toUnixTimestamp64Nano(lives_until) >= begins`;
  const windows = '{asks:Array(UInt32)}, {froms:Array(Int64)}, {tos:Array(Int64)}';
  if (isOneFilter(asks)) return `arrayFilter((ask, begins, ends) -> ${lived}, ${windows}) AS asks`;
  const passes = asks.map((_, at) => {
    const { sql } = toOwnCondition(asks, at);
    return sql === '' ? 'toUInt8(1)' : `toUInt8(ifNull(${sql}, 0))`;
  });
  return `arrayFilter((ask, begins, ends, passes) -> passes AND ${lived}, ${windows},
  [${passes.join(',\n  ')}]) AS asks`;
}

function toSamples(
  source: MetricSource,
  groupBy: string,
  asks: readonly [PlacedAsk, ...PlacedAsk[]],
): string {
  const columns = [...source.columns, toAsksOfRun(asks)];
  const runs = toJoined({ ...source, columns }, toScope(asks));
  const name = groupOf(source, groupBy);
  if (source.shape === 'active') {
    return `SELECT arrayJoin(asks) AS ask, ${name} AS name, ${source.value} AS closed
FROM ${runs}
WHERE ${source.where} AND ${source.time} < ${to} AND closed >= ${from}`;
  }
  return `SELECT arrayJoin(asks) AS ask, ${name} AS name, ${source.time} AS moment, ${sampleColumns(source)}
FROM ${runs}
WHERE ${source.priced?.among ?? source.where}
  AND moment >= ${from} AND moment < ${to}`;
}

function of(list: string, type: string): string {
  return `arrayElement({${list}:Array(${type})}, ask)`;
}

const [from, to, now] = [of('froms', 'Int64'), of('tos', 'Int64'), of('nows', 'Int64')];

/** What a source says of the window, said of that of an ask. */
function perAsk(sql: string): string {
  return sql
    .replaceAll('{from:Int64}', from)
    .replaceAll('{to:Int64}', to)
    .replaceAll('{now:Int64}', now);
}

function perAskOf(source: MetricSource): MetricSource {
  const { time, where, value } = source;
  return { ...source, time: perAsk(time), where: perAsk(where), value: perAsk(value) };
}

function toOpen(aggregation: WindowAsk['aggregation']): string {
  const value = aggregation === 'samples' ? 'samples' : 'countIf(closed >= {to:Int64})';
  return `count() AS samples, toFloat64(${value}) AS value, samples AS bad, NULL AS priced`;
}
