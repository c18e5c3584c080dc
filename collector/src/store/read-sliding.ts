/**
 * What `readWindow` tells, for thousands of windows that overlap, from one scan: rules are tried on the past with it.
 * Quantiles are exact too, since every sample is read; so the samples of a read are limited.
 */
import { beginTurn, inSlices, type Turn } from '../turn.ts';
import type { RankedWindow } from './ranked-window.ts';
import { readNativeColumns, type Reader } from './read-rows.ts';
import { readWindow, toEmptyReading } from './read-window.ts';
import {
  rankOf,
  slideOpen,
  slideRanks,
  slideSums,
  type Open,
  type Rank,
  type Slide,
  type Sums,
  type WindowCells,
} from './slide-figures.ts';
import { noLists, toListsByGroup, type Lists } from './sliding-rows.ts';
import {
  toSlidingChangesSql,
  toSlidingOpenSql,
  toSlidingSamplesSql,
  toSlidingScope,
  toWindowCells,
  type SampleColumn,
  type SlidingAsk,
} from './sliding-sql.ts';
import type { SqlFragment } from './store.ts';

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

/** Others wait no longer than 20 ms: what cannot be cut into slices takes 5 ms at most. */
const turnMs = 10;

export async function readSliding(
  reader: Reader,
  projectId: string,
  ask: SlidingAsk,
): Promise<SlidingSeries> {
  const tables = await readTables(reader, projectId, ask);
  const names = new Set(tables.flatMap(({ lists }) => [...lists.keys()]));
  const kept = await toKept(reader, projectId, ask, names);
  const turn = beginTurn(turnMs);
  const groups: SlidingGroup[] = [];
  const cells = toWindowCells(ask);
  for (const group of kept) groups.push(await slide(group, tables, { ask, cells, turn }));
  const { firstEndUnixNano, stepNs, count } = ask;
  const timesMs = Array.from({ length: count }, (_, place) =>
    Number((firstEndUnixNano + BigInt(place) * stepNs) / 1_000_000n),
  );
  return { timesMs, groups, otherGroups: names.size - groups.length };
}

type Table = {
  readonly holds: 'samples' | 'open' | 'changes';
  readonly lists: ReadonlyMap<string, Lists>;
};

async function readTables(reader: Reader, projectId: string, ask: SlidingAsk): Promise<Table[]> {
  const { source } = ask;
  const read = async (
    holds: Table['holds'],
    query: SqlFragment,
    names: readonly string[],
  ): Promise<Table> => {
    const columns = await readNativeColumns(reader, projectId, query);
    return { holds, lists: toListsByGroup(columns, names) };
  };
  if (source.shape === 'active') {
    return [await read('changes', toSlidingChangesSql(ask), ['places', 'opens', 'sees'])];
  }
  const columns = columnsOf(ask);
  const samples = toSlidingSamplesSql(ask, columns);
  const tables = [await read('samples', samples, ['cells', ...columns])];
  if (source.open !== undefined) {
    const open = toSlidingOpenSql(ask, source.open);
    tables.push(await read('open', open, ['enter', 'leave', 'began']));
  }
  return tables;
}

/** What is needed of each sample, and nothing else. */
function columnsOf(ask: SlidingAsk): SampleColumn[] {
  const { source, aggregation } = ask;
  const rank = rankAsked(ask);
  const isRatio = source.shape === 'ratio';
  const isSummed = rank === null && aggregation !== 'samples';
  const isOfEach = isSummed && isRatio && aggregation === 'mean';
  return [
    ...(rank === null ? [] : ['number' as const]),
    ...((isSummed && !isOfEach) || source.bad !== undefined ? ['total' as const] : []),
    ...(isSummed && isRatio && !isOfEach && source.weight !== '1' ? ['weight' as const] : []),
    ...(isOfEach ? ['each' as const] : []),
    ...(source.priced === undefined ? [] : (['counted', 'calls', 'known'] as const)),
  ];
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

type Sliding = { readonly ask: SlidingAsk; readonly cells: WindowCells; readonly turn: Turn };

async function slide(
  group: string,
  tables: readonly Table[],
  sliding: Sliding,
): Promise<SlidingGroup> {
  const { ask } = sliding;
  const figures: Figures = { value: [], samples: [], bad: [], pricedShare: [] };
  const listsOf = (wanted: Table['holds']): Lists =>
    tables.find(({ holds }) => holds === wanted)?.lists.get(group) ?? noLists;
  if (ask.source.shape === 'active') slideActive(listsOf('changes'), ask, figures);
  else await slideSamples(listsOf, sliding, figures);
  const { pricedShare, ...rest } = figures;
  return { group, ...rest, pricedShare: ask.source.priced === undefined ? null : pricedShare };
}

async function slideSamples(
  listsOf: (wanted: Table['holds']) => Lists,
  { ask, cells, turn }: Sliding,
  figures: Figures,
): Promise<void> {
  const { source, count } = ask;
  const columns = columnsOf(ask);
  const samples = listsOf('samples');
  const ranks = columns.includes('number')
    ? await slideRanks(samples, columns.includes('counted'), cells, turn)
    : null;
  const sums = await slideSums(samples, columns, cells, turn);
  const open = source.open === undefined ? null : await slideOpen(listsOf('open'), count, turn);
  const toPlace = toFigures(ask, ranks, sums, open);
  const toPlaces = (from: number, until: number): void => {
    for (let place = from; place < until; place += 1) {
      const { value, samples: n, bad, pricedShare } = toPlace(place);
      figures.value.push(value);
      figures.samples.push(n);
      figures.bad.push(bad);
      figures.pricedShare.push(pricedShare);
    }
  };
  await inSlices(turn, count, toPlaces, placesPerSlice);
}

/** Of a window of a million samples each takes a tenth of a millisecond. */
const placesPerSlice = 64;

type Place = {
  readonly value: number | null;
  readonly samples: number;
  readonly bad: number;
  readonly pricedShare: number | null;
};

function toFigures(
  ask: SlidingAsk,
  ranks: Slide<RankedWindow> | null,
  sums: Slide<Sums>,
  open: Slide<Open> | null,
): Slide<Place> {
  const { source, groupBy } = ask;
  const rank = rankAsked(ask);
  const divisor = source.unit === 'ms' && ask.aggregation !== 'samples' ? 1e6 : 1;
  const empty = toEmptyReading(ask).value;
  return (place) => {
    const window = ranks?.(place) ?? null;
    const own = sums(place);
    const openUntil = openUntilOf(ask, place);
    const opened = open?.(place) ?? null;
    const counted = openUntil === null ? null : opened;
    const samples = own.n + (counted?.began.size ?? 0);
    const { calls = 0, known = 0 } = own;
    const pricedShare = calls === 0 ? null : known / calls;
    if (samples === 0) {
      const isTold = groupBy === 'none' || pricedShare !== null;
      return { value: isTold ? empty : null, samples, bad: 0, pricedShare };
    }
    const value =
      rank === null || window === null
        ? toSummed(ask, own, counted, openUntil ?? 0, samples)
        : rankOf(rank, window, counted, openUntil ?? 0);
    return {
      value: value === null ? null : value / divisor,
      samples,
      bad: badOf(ask, own, samples),
      pricedShare,
    };
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
  { n, total = 0, weight = n, each = 0 }: Sums,
  open: Open | null,
  openUntil: number,
  samples: number,
): number {
  if (aggregation === 'samples') return samples;
  const scale = source.unit === 'usd' ? 1e12 : 1;
  if (aggregation === 'value')
    return source.shape === 'ratio' ? total / scale / weight : total / scale;
  const openTotal = open === null ? 0 : open.began.size * openUntil - open.sum.value;
  return (source.shape === 'ratio' ? each : total / scale + openTotal) / samples;
}

function badOf({ source }: SlidingAsk, { total = 0 }: Sums, samples: number): number {
  if (source.bad === undefined) return samples;
  return source.bad === 'numerator' ? total : samples - total;
}

function slideActive(lists: Lists, ask: SlidingAsk, figures: Figures): void {
  const { count, aggregation, groupBy } = ask;
  const [opened, seen] = [new Float64Array(count + 1), new Float64Array(count + 1)];
  const [opens, sees] = [lists.numbers('opens'), lists.numbers('sees')];
  for (const [at, place] of lists.places('places').entries()) {
    opened[place] = opens[at] ?? 0;
    seen[place] = sees[at] ?? 0;
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
