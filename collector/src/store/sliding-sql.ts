/**
 * Samples of many windows that overlap, read once: each with the first window that holds it and the first that no
 * longer does. Window k is [end - width, end), and ends at `first + k * step`. Pure text.
 */
import type { OpenSamples } from './metric-sources.ts';
import { toScopeParams } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';
import {
  groupOf,
  sampleColumns,
  toJoined,
  toValueOfEach,
  type Measured,
  type Worst,
} from './window-sql.ts';

export type SlidingAsk = Measured &
  Worst & {
    /** Of the first window. */
    readonly firstEndUnixNano: bigint;
    readonly stepNs: bigint;
    readonly count: number;
    readonly windowNs: bigint;
  };

/** From the start of the first window to the end of the last. */
export function toSlidingScope(ask: SlidingAsk) {
  const { conditions, nowUnixNano, firstEndUnixNano, stepNs, count, windowNs } = ask;
  return {
    conditions,
    nowUnixNano,
    fromUnixNano: firstEndUnixNano - windowNs,
    toUnixNano: firstEndUnixNano + BigInt(count - 1) * stepNs,
  };
}

function toParams(ask: SlidingAsk): Record<string, unknown> {
  return {
    ...toScopeParams(toSlidingScope(ask)),
    first: ask.firstEndUnixNano.toString(),
    step: ask.stepNs.toString(),
    width: ask.windowNs.toString(),
    windows: ask.count,
  };
}

/** First window that ends after a moment, which it holds unless it begins after it too. */
function after(moment: string): string {
  return `toUInt32(if(${moment} < {first:Int64}, 0, least({windows:UInt32}, intDiv(${moment} - {first:Int64}, {step:Int64}) + 1)))`;
}

/** First window that begins after a moment. */
function beyond(moment: string): string {
  return after(`(least(${moment}, {to:Int64}) + {width:Int64})`);
}

/** `name`, `enters`, `leaves` and what `columns` names, of samples that any window holds. */
function toPlaced(ask: SlidingAsk, columns: string, among?: string): string {
  const { source, groupBy } = ask;
  const { time, where } = source.open?.over ?? source;
  return `SELECT ${groupOf(source, groupBy)} AS name, ${time} AS moment,
  ${after('moment')} AS enters, ${beyond('moment')} AS leaves, ${columns}
FROM ${toJoined(source, toSlidingScope(ask))}
WHERE ${among ?? where}
  AND moment >= {from:Int64} AND moment < {to:Int64} AND enters < leaves`;
}

/** A row a sample: `name`, `enters`, `leaves`, `number`. Costs are dollars, times nanoseconds. */
export function toSlidingSamplesSql(ask: SlidingAsk): SqlFragment {
  const { source } = ask;
  const { value } = source.open?.over ?? source;
  const each = toValueOfEach(source);
  const placed = toPlaced(ask, `${value} AS sample, ${source.weight ?? '1'} AS weight`);
  return {
    sql: `SELECT name, enters, leaves, toFloat64(${each}) AS number
FROM (
${placed}
)`,
    params: toParams(ask),
  };
}

/**
 * A row for all samples of a group that are in the same windows: `name`, `enters`, `leaves`, `n`, `total`, `weights`,
 * `each`, the sum of each value over its weight, `calls` and `known`. Totals of costs are whole trillionths.
 */
export function toSlidingSumsSql(ask: SlidingAsk): SqlFragment {
  const { source } = ask;
  const own = source.open === undefined ? source : { ...source, ...source.open.over };
  const counted = source.priced === undefined ? '1' : 'counted';
  const total = source.unit === 'usd' ? 'sample * toDecimal128(1000000000000, 0)' : 'sample';
  const [calls, known] = source.priced === undefined ? ['0', '0'] : ['sum(calls)', 'sum(known)'];
  const sum = (value: string): string => `toFloat64(sumIf(${value}, ${counted}))`;
  return {
    sql: `SELECT name, enters, leaves, toFloat64(countIf(${counted})) AS n, ${sum(total)} AS total,
  ${sum('weight')} AS weights, ${sum(toValueOfEach(source))} AS each,
  toFloat64(${calls}) AS calls, toFloat64(${known}) AS known
FROM (
${toPlaced(ask, sampleColumns(own), source.priced?.among)}
)
GROUP BY name, enters, leaves`,
    params: toParams(ask),
  };
}

/** A row an open stretch: `name`, `enters`, `leaves`, and `number`, when it began, in nanoseconds after the first end. */
export function toSlidingOpenSql(ask: SlidingAsk, open: OpenSamples): SqlFragment {
  const { source, groupBy } = ask;
  return {
    sql: `SELECT ${groupOf(source, groupBy)} AS name, ${after(open.since)} AS enters, ${after(open.until)} AS leaves,
  toFloat64(${open.since} - {first:Int64}) AS number
FROM ${toJoined(source, toSlidingScope(ask))}
WHERE ${open.where} AND enters < leaves`,
    params: toParams(ask),
  };
}

/** A row a group and window: `name`, `place` twice, and what `opened` and `seen` change by there. Of shape `active`. */
export function toSlidingChangesSql(ask: SlidingAsk): SqlFragment {
  const { source, groupBy } = ask;
  return {
    sql: `SELECT name, tupleElement(change, 1) AS place, place AS unused,
  toFloat64(sum(tupleElement(change, 2))) AS opened, toFloat64(sum(tupleElement(change, 3))) AS seen
FROM (
SELECT ${groupOf(source, groupBy)} AS name, ${source.value} AS closed,
  arrayJoin([
    (${after(source.time)}, 1, 1), (${after('closed')}, -1, 0), (${beyond('closed')}, 0, -1)
  ]) AS change
FROM ${toJoined(source, toSlidingScope(ask))}
WHERE ${source.where} AND ${source.time} < {to:Int64} AND closed >= {from:Int64}
)
GROUP BY name, place`,
    params: toParams(ask),
  };
}
