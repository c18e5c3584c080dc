/**
 * What `readWindow` tells, for thousands of windows that overlap, from one scan: rules are tried on the past with it.
 * Quantiles are exact too, since every sample is read; so the samples of a read are limited.
 */
import { beginTurn } from '../turn.ts';
import { readNativeColumns, type Reader } from './read-rows.ts';
import { readWindow, toEmptyReading } from './read-window.ts';
import {
  rankOf,
  slideOpen,
  slideRanks,
  slideSums,
  sumNames,
  type Open,
  type Rank,
  type Slide,
  type Sums,
} from './slide-figures.ts';
import type { RankedWindow } from './ranked-window.ts';
import { toRowsByGroup, type PlacedRows } from './sliding-rows.ts';
import {
  toSlidingChangesSql,
  toSlidingOpenSql,
  toSlidingSamplesSql,
  toSlidingScope,
  toSlidingSumsSql,
  type SlidingAsk,
} from './sliding-sql.ts';

export type SlidingGroup = {
  readonly group: string;
  /** One entry an evaluation; null where there was nothing to make a value of. */
  readonly value: (number | null)[];
  readonly samples: number[];
  readonly bad: number[];
  /** Null where prices do not matter. */
  readonly pricedShare: (number | null)[] | null;
};

export type SlidingSeries = {
  /** When each window ends, in milliseconds since the epoch. */
  readonly timesMs: number[];
  /** By name. */
  readonly groups: readonly SlidingGroup[];
  /** Groups over the limit, which has those that are worst over the whole time. */
  readonly otherGroups: number;
};

/** As many are read in a second and take 200 MB while they are. */
const maxSamples = '6000000';

export async function readSliding(
  reader: Reader,
  projectId: string,
  ask: SlidingAsk,
): Promise<SlidingSeries> {
  const tables = await readTables(reader, projectId, ask);
  const names = new Set(tables.flatMap(({ rows }) => [...rows.keys()]));
  const kept = await toKept(reader, projectId, ask, names);
  const turn = beginTurn();
  const groups: SlidingGroup[] = [];
  for (const group of kept) {
    if (turn.isOver()) await turn.next();
    groups.push(slide(group, tables, ask));
  }
  const { firstEndUnixNano, stepNs, count } = ask;
  const timesMs = Array.from({ length: count }, (_, place) =>
    Number((firstEndUnixNano + BigInt(place) * stepNs) / 1_000_000n),
  );
  return { timesMs, groups, otherGroups: names.size - groups.length };
}

type Table = {
  readonly holds: 'samples' | 'sums' | 'open' | 'changes';
  readonly rows: ReadonlyMap<string, PlacedRows>;
};

async function readTables(reader: Reader, projectId: string, ask: SlidingAsk): Promise<Table[]> {
  const { source } = ask;
  const read = async (
    holds: Table['holds'],
    query: Parameters<typeof readNativeColumns>[2],
    names: readonly string[],
  ): Promise<Table> => {
    const columns = await readNativeColumns(reader, projectId, query, maxSamples);
    return { holds, rows: toRowsByGroup(columns, names) };
  };
  if (source.shape === 'active') {
    return [await read('changes', toSlidingChangesSql(ask), ['opened', 'seen'])];
  }
  const rank = rankAsked(ask);
  const needsSums = rank === null || source.shape === 'ratio' || source.priced !== undefined;
  const tables: Table[] = [];
  if (rank !== null) tables.push(await read('samples', toSlidingSamplesSql(ask), ['number']));
  if (needsSums) tables.push(await read('sums', toSlidingSumsSql(ask), sumNames));
  if (source.open !== undefined) {
    tables.push(await read('open', toSlidingOpenSql(ask, source.open), ['number']));
  }
  return tables;
}

function rankAsked({ source, aggregation }: SlidingAsk): Rank | null {
  if (source.shape === 'quantile' && aggregation === 'value') return source.headline ?? 'p95';
  return aggregation === 'value' || aggregation === 'mean' || aggregation === 'samples'
    ? null
    : aggregation;
}

async function toKept(
  reader: Reader,
  projectId: string,
  ask: SlidingAsk,
  names: ReadonlySet<string>,
): Promise<string[]> {
  if (names.size === 0 && ask.groupBy === 'none') return [''];
  if (names.size <= ask.limit) return [...names].toSorted();
  const { readings } = await readWindow(reader, projectId, { ...ask, ...toSlidingScope(ask) });
  return readings.map(({ group }) => group).toSorted();
}

type Figures = Pick<SlidingGroup, 'value' | 'samples' | 'bad'> & {
  readonly pricedShare: (number | null)[];
};

function slide(group: string, tables: readonly Table[], ask: SlidingAsk): SlidingGroup {
  const figures: Figures = { value: [], samples: [], bad: [], pricedShare: [] };
  const rowsOf = (wanted: Table['holds']): PlacedRows =>
    tables.find(({ holds }) => holds === wanted)?.rows.get(group) ?? noRows;
  if (ask.source.shape === 'active') slideActive(rowsOf('changes'), ask, figures);
  else slideSamples(tables, rowsOf, ask, figures);
  const { pricedShare, ...rest } = figures;
  return { group, ...rest, pricedShare: ask.source.priced === undefined ? null : pricedShare };
}

const noRows: PlacedRows = { enters: new Uint32Array(0), leaves: new Uint32Array(0), numbers: {} };

function slideSamples(
  tables: readonly Table[],
  rowsOf: (wanted: Table['holds']) => PlacedRows,
  ask: SlidingAsk,
  figures: Figures,
): void {
  const { count } = ask;
  const has = (wanted: Table['holds']): boolean => tables.some(({ holds }) => holds === wanted);
  const ranks = has('samples') ? slideRanks(rowsOf('samples'), count) : null;
  const sums = has('sums') ? slideSums(rowsOf('sums'), count) : null;
  const open = has('open') ? slideOpen(rowsOf('open'), count) : null;
  const toPlace = toFigures(ask, ranks, sums, open);
  for (let place = 0; place < count; place += 1) {
    const { value, samples, bad, pricedShare } = toPlace(place);
    figures.value.push(value);
    figures.samples.push(samples);
    figures.bad.push(bad);
    figures.pricedShare.push(pricedShare);
  }
}

type Place = {
  readonly value: number | null;
  readonly samples: number;
  readonly bad: number;
  readonly pricedShare: number | null;
};

function toFigures(
  ask: SlidingAsk,
  ranks: Slide<RankedWindow> | null,
  sums: Slide<Sums> | null,
  open: Slide<Open> | null,
): Slide<Place> {
  const { source, groupBy } = ask;
  const rank = rankAsked(ask);
  const divisor = source.unit === 'ms' ? 1e6 : 1;
  const empty = toEmptyReading(ask).value;
  return (place) => {
    const window = ranks?.(place) ?? null;
    const own = sums?.(place) ?? null;
    const openUntil = openUntilOf(ask, place);
    const opened = open?.(place) ?? null;
    const counted = openUntil === null ? null : opened;
    const openCount = counted?.began.size ?? 0;
    const samples = (own?.n ?? window?.size ?? 0) + openCount;
    const pricedShare = own === null || own.calls === 0 ? null : own.known / own.calls;
    if (samples === 0) {
      const isTold = groupBy === 'none' || pricedShare !== null;
      return { value: isTold ? empty : null, samples, bad: 0, pricedShare };
    }
    const value =
      rank === null || window === null
        ? toSummed(ask, own, counted, openUntil ?? 0, samples)
        : rankOf(rank, window, counted, openUntil ?? 0);
    const scaled = value === null || ask.aggregation === 'samples' ? value : value / divisor;
    return { value: scaled, samples, bad: badOf(ask, own, samples), pricedShare };
  };
}

/** Nanoseconds after the first end; null where the window begins after now. */
function openUntilOf(ask: SlidingAsk, place: number): number | null {
  const end = place * Number(ask.stepNs);
  const now = Number(ask.nowUnixNano - ask.firstEndUnixNano);
  return now < end - Number(ask.windowNs) ? null : Math.min(end, now);
}

function toSummed(
  { source, aggregation }: SlidingAsk,
  sums: Sums | null,
  open: Open | null,
  openUntil: number,
  samples: number,
): number {
  if (aggregation === 'samples') return samples;
  const { total = 0, weights = 0, each = 0 } = sums ?? {};
  const scale = source.unit === 'usd' ? 1e12 : 1;
  if (aggregation === 'value')
    return source.shape === 'ratio' ? total / scale / weights : total / scale;
  const openTotal = open === null ? 0 : open.began.size * openUntil - open.sum.value;
  return (source.shape === 'ratio' ? each : total / scale + openTotal) / samples;
}

function badOf({ source }: SlidingAsk, sums: Sums | null, samples: number): number {
  if (source.bad === undefined || sums === null) return samples;
  return source.bad === 'numerator' ? sums.total : samples - sums.total;
}

function slideActive(rows: PlacedRows, ask: SlidingAsk, figures: Figures): void {
  const { count, aggregation, groupBy } = ask;
  const [opened, seen] = [new Float64Array(count + 1), new Float64Array(count + 1)];
  for (const [row, place] of rows.enters.entries()) {
    opened[place] = rows.numbers['opened']?.[row] ?? 0;
    seen[place] = rows.numbers['seen']?.[row] ?? 0;
  }
  const empty = groupBy === 'none' ? toEmptyReading(ask).value : null;
  let [open, samples] = [0, 0];
  for (let place = 0; place < count; place += 1) {
    open += opened[place] ?? 0;
    samples += seen[place] ?? 0;
    const value = aggregation === 'samples' ? samples : open;
    figures.value.push(samples === 0 ? empty : value);
    figures.samples.push(samples);
    figures.bad.push(samples);
  }
}
