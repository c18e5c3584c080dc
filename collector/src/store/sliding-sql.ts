/**
 * Samples of many windows that overlap, read once: each with the first window that holds it and the first that no
 * longer does. Window k is [end - width, end), and ends at `first + k * step`. Pure text.
 *
 * Samples come in lists of their group, as they are: to sort or to add them up by group and window takes the store five
 * times as long, and whoever reads them is faster at it.
 */
import type { MetricSource, OpenSamples } from './metric-sources.ts';
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

/** What is read of each sample. `counted` is 1, or 0 of a sample without a price. */
export type SampleColumn = 'number' | 'total' | 'weight' | 'each' | 'counted' | 'calls' | 'known';

/**
 * A row a group: `name`, `cells`, and a list for each column, one entry a sample, in no order. Which windows hold a
 * sample is said by one number, see `toWindowCells`: it is as many as begin, and as many as end, before it or with it.
 * `number` of costs is dollars, `total` trillionths.
 */
export function toSlidingSamplesSql(
  ask: SlidingAsk,
  columns: readonly SampleColumn[],
): SqlFragment {
  const { source, groupBy } = ask;
  const own = source.open === undefined ? source : { ...source, ...source.open.over };
  const lists = columns.map((column) => `groupArray(${toList(source, column)}) AS ${column}s`);
  return {
    sql: `SELECT name, ${['groupArray(cell) AS cells', ...lists].join(', ')}
FROM (
SELECT ${groupOf(source, groupBy)} AS name, ${own.time} AS moment,
  ${after('moment')} AS enters, ${beyond('moment')} AS leaves, toUInt32(enters + leaves) AS cell, ${sampleColumns(own)}
FROM ${toJoined(source, toSlidingScope(ask))}
WHERE ${source.priced?.among ?? own.where}
  AND moment >= {from:Int64} AND moment < {to:Int64} AND enters < leaves
)
GROUP BY name
${limited}`,
    params: toParams(ask),
  };
}

function toList(source: MetricSource, column: SampleColumn): string {
  if (column === 'counted' || column === 'calls' || column === 'known')
    return `toFloat64(${column})`;
  const isUsd = source.unit === 'usd';
  const value = {
    number: toValueOfEach(source),
    total: isUsd ? 'sample * toDecimal128(1000000000000, 0)' : 'sample',
    weight: 'weight',
    each: toValueOfEach(source),
  }[column];
  return source.priced === undefined
    ? `toFloat64(${value})`
    : `if(counted, toFloat64(${value}), 0)`;
}

/** As much is read in two seconds: of 12 bytes a sample, which most take, 25 million. */
const limited = 'SETTINGS max_result_bytes = 300000000';

/**
 * Which samples a window holds: those of cells from `from` to before `until`, one entry a window. Time is cut where a
 * window begins and where one ends; cells are numbered by how many of both have been.
 */
export function toWindowCells({ firstEndUnixNano, stepNs, windowNs, count }: SlidingAsk): {
  readonly from: Uint32Array;
  readonly until: Uint32Array;
  readonly cellCount: number;
} {
  const places = Array.from({ length: count }, (_, place) => place);
  const upTo = (moment: bigint): number => {
    if (moment < firstEndUnixNano) return 0;
    return Math.min(count, Number((moment - firstEndUnixNano) / stepNs) + 1);
  };
  const endOf = (place: number): bigint => firstEndUnixNano + BigInt(place) * stepNs;
  return {
    from: Uint32Array.from(places, (place) => place + 1 + upTo(endOf(place) - windowNs)),
    until: Uint32Array.from(places, (place) => place + 1 + upTo(endOf(place) + windowNs)),
    cellCount: 2 * count + 1,
  };
}

/** A row a group: `name`, and of its open stretches lists of `enters`, `leaves` and `began`, in nanoseconds after the first end. */
export function toSlidingOpenSql(ask: SlidingAsk, open: OpenSamples): SqlFragment {
  const { source, groupBy } = ask;
  return {
    sql: `SELECT name, groupArray(enters) AS enter, groupArray(leaves) AS leave, groupArray(since) AS began
FROM (
SELECT ${groupOf(source, groupBy)} AS name, ${after(open.since)} AS enters, ${after(open.until)} AS leaves,
  toFloat64(${open.since} - {first:Int64}) AS since
FROM ${toJoined(source, toSlidingScope(ask))}
WHERE ${open.where} AND enters < leaves
)
GROUP BY name
${limited}`,
    params: toParams(ask),
  };
}

/** A row a group: `name`, and lists of places and of what `opened` and `seen` change by there. Of shape `active`. */
export function toSlidingChangesSql(ask: SlidingAsk): SqlFragment {
  const { source, groupBy } = ask;
  return {
    sql: `SELECT name, groupArray(place) AS places, groupArray(opened) AS opens, groupArray(seen) AS sees
FROM (
SELECT name, tupleElement(change, 1) AS place,
  toFloat64(sum(tupleElement(change, 2))) AS opened, toFloat64(sum(tupleElement(change, 3))) AS seen
FROM (
SELECT ${groupOf(source, groupBy)} AS name, ${source.value} AS closed,
  arrayJoin([
    (${after(source.time)}, 1, 1), (${after('closed')}, -1, 0), (${beyond('closed')}, 0, -1)
  ]) AS change
FROM ${toJoined(source, toSlidingScope(ask))}
WHERE ${source.where} AND ${source.time} < {to:Int64} AND closed >= {from:Int64}
)
GROUP BY name, place
)
GROUP BY name
${limited}`,
    params: toParams(ask),
  };
}
