/** Exact values of the groups of a metric in one window: what an evaluation of an alert rule reads. */
import type { Reading } from '../alerts/reading.ts';
import { readRows, type Reader } from './read-rows.ts';
import { toAnyLivesSql } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';
import { toSharedWindowSql, toShareKey, type PlacedAsk } from './shared-window-sql.ts';
import type { Measured, WindowAsk } from './window-sql.ts';

export type WindowRead = {
  /** The worst first, those with enough samples before the others. */
  readonly readings: readonly Reading[];
  /** Groups over the limit. */
  readonly otherGroups: number;
};

export async function readWindow(
  reader: Reader,
  projectId: string,
  ask: WindowAsk,
): Promise<WindowRead> {
  const [read] = await readWindows(reader, projectId, [ask]);
  return read ?? toWindowRead([], ask);
}

/** In the order of the asks, which may be of any metrics: one statement, and one scan for those that can share it. */
export async function readWindows(
  reader: Reader,
  projectId: string,
  asks: readonly WindowAsk[],
): Promise<WindowRead[]> {
  if (asks.length === 0) return [];
  if (!(await livesAny(reader, projectId, asks))) return asks.map((ask) => toWindowRead([], ask));
  const rows = await readRows(reader, projectId, toWindowsSql(asks));
  const byAsk = Map.groupBy(rows, (row) => Number(row['place']));
  return asks.map((ask, place) => toWindowRead(byAsk.get(place) ?? [], ask));
}

/** Most projects rest most of the time: to see that takes a tenth of what it takes to plan a statement of their rules. */
async function livesAny(
  reader: Reader,
  projectId: string,
  asks: readonly WindowAsk[],
): Promise<boolean> {
  let [fromUnixNano, toUnixNano] = [asks[0]?.fromUnixNano ?? 0n, asks[0]?.toUnixNano ?? 0n];
  for (const ask of asks) {
    if (ask.fromUnixNano < fromUnixNano) ({ fromUnixNano } = ask);
    if (ask.toUnixNano > toUnixNano) ({ toUnixNano } = ask);
  }
  const rows = await readRows(reader, projectId, toAnyLivesSql({ fromUnixNano, toUnixNano }));
  return rows.length > 0;
}

export function toWindowsSql(asks: readonly WindowAsk[]): SqlFragment {
  const placed = asks.map((ask, place): PlacedAsk => ({ ask, place }));
  const shares = Map.groupBy(placed, ({ ask }) => toShareKey(ask)).values();
  const parts = [...shares].flatMap(([first, ...others], place) =>
    first === undefined ? [] : [apart(toSharedWindowSql([first, ...others]), place)],
  );
  return {
    sql: parts.map(({ sql }) => sql).join('\nUNION ALL\n'),
    params: Object.assign({}, ...parts.map(({ params }) => params)),
  };
}

/** Every part of a statement has parameters of its own, but for the project. */
function apart({ sql, params }: SqlFragment, place: number): SqlFragment {
  return {
    sql: sql.replaceAll(/\{(\w+):/g, (text, name: string) =>
      name === 'projectId' ? text : `{a${place}_${name}:`,
    ),
    params: Object.fromEntries(
      Object.entries(params).map(([name, value]) => [`a${place}_${name}`, value]),
    ),
  };
}

type Row = Readonly<Record<string, unknown>>;

function toWindowRead(rows: readonly Row[], ask: WindowAsk): WindowRead {
  if (rows.length === 0) {
    return { readings: ask.groupBy === 'none' ? [toEmptyReading(ask)] : [], otherGroups: 0 };
  }
  return {
    readings: rows.map((row) => toReading(row, ask)),
    otherGroups: Number(rows[0]?.['names']) - rows.length,
  };
}

function toReading(row: Row, ask: WindowAsk): Reading {
  const samples = Number(row['samples']);
  return {
    group: String(row['name']),
    value: samples === 0 ? toEmptyReading(ask).value : toNumber(row['value']),
    samples,
    bad: Number(row['bad']),
    pricedShare: toNumber(row['priced']),
  };
}

function toNumber(value: unknown): number | null {
  return value === null ? null : Number(value);
}

/** Nothing happened: that is a number where things are counted. */
export function toEmptyReading({
  source,
  aggregation,
}: Pick<Measured, 'source' | 'aggregation'>): Reading {
  const isCounted = source.shape === 'sum' || source.shape === 'active';
  const isZero = aggregation === 'samples' || (aggregation === 'value' && isCounted);
  return { group: '', value: isZero ? 0 : null, samples: 0, bad: 0, pricedShare: null };
}
