/** What was spent in a range, by one or two dimensions. Money is whole trillionths of a USD: it adds up exactly. */
import { readRows, type Reader } from '../read-rows.ts';
import { addCached, addUncached } from './add-uses.ts';
import {
  keySeparator,
  toCostAloneSql,
  toCostSql,
  toSeriesSql,
  toUsersSql,
  type CellAsk,
  type CostAsk,
  type SeriesAsk,
} from './cost-sql.ts';
import { toTrillionths } from './sum-text.ts';

/** Calls of one model for as long as it has one price. */
export type ModelUse = {
  readonly projectId: string;
  readonly provider: string;
  readonly model: string;
  /** First day of the time that it has one price, in UTC since 1970; see `toPricedMs`. */
  readonly priceDay: number;
};

/** Tokens of calls that are priced. */
export type CacheUse = ModelUse & { readonly readTokens: number; readonly writtenTokens: number };
export type UncachedUse = ModelUse & { readonly tokens: number };

export type CostCell = {
  /** One a dimension; empty = not told. */
  readonly keys: readonly string[];
  readonly cost: bigint;
  readonly reported: bigint;
  /** null = the list has none of the calls. */
  readonly computed: bigint | null;
  /** Of calls that have a reported cost and a computed one. */
  readonly compared: {
    readonly calls: number;
    readonly reported: bigint;
    readonly computed: bigint;
  };
  readonly estimated: bigint;
  readonly calls: number;
  /** Those that cost nothing for sure are among them. */
  readonly pricedCalls: number;
  readonly tokens: {
    readonly input: number;
    readonly cacheRead: number;
    readonly cacheWrite: number;
    readonly output: number;
    readonly reasoning: number;
  };
  /** Of which the first call with these values lies in the range. */
  readonly runs: number;
  readonly successfulRuns: number;
  readonly handoffs: number;
  /** The same of runs at their very first call: these alone add up over cells to what they are in all. */
  readonly ofAllRuns: {
    readonly runs: number;
    readonly successfulRuns: number;
    readonly handoffs: number;
  };
  /** Calls that told no usage, and such whose counts contradict each other. */
  readonly silentCalls: number;
  readonly conflictingCalls: number;
  /** Of calls that were of no use at all. */
  readonly waste: bigint;
  readonly cached: readonly CacheUse[];
  readonly uncached: readonly UncachedUse[];
};

/** In no order. Without dimensions: one cell, of everything. */
export async function readCostCells(
  reader: Reader,
  projectId: string,
  ask: CellAsk,
): Promise<CostCell[]> {
  const rows = await readRows(reader, projectId, toCostSql(ask));
  return rows.map((row) => toCell(projectId, row, ask.by.length));
}

export type SpentBefore = { readonly keys: readonly string[]; readonly cost: bigint };

/** Cells that cost nothing are not among them. */
export async function readSpent(
  reader: Reader,
  projectId: string,
  ask: CostAsk,
): Promise<SpentBefore[]> {
  const rows = await readRows(reader, projectId, toCostAloneSql(ask));
  return rows.map((row) => ({
    keys: toKeys(row, ask.by.length),
    cost: toTrillionths(row['cost']),
  }));
}

/** How many different ones there are, by the keys joined with `keySeparator`. */
export async function readUsers(
  reader: Reader,
  projectId: string,
  ask: CostAsk,
): Promise<ReadonlyMap<string, number>> {
  const rows = await readRows(reader, projectId, toUsersSql(ask));
  return new Map(
    rows.map((row) => [toSeriesName(toKeys(row, ask.by.length)), Number(row['users'])]),
  );
}

export type CostSeries = {
  /** USD a window, by the keys joined with `keySeparator`. */
  readonly shown: ReadonlyMap<string, readonly number[]>;
  /** Of all others. */
  readonly rest: readonly number[];
};

export async function readCostSeries(
  reader: Reader,
  projectId: string,
  ask: SeriesAsk & { readonly windows: number },
): Promise<CostSeries> {
  const rows = await readRows(reader, projectId, toSeriesSql(ask));
  const nothing = (): number[] => Array.from({ length: ask.windows }, () => 0);
  const [shown, rest] = [new Map<string, number[]>(), nothing()];
  for (const row of rows) {
    const name = String(row['name']);
    const values = Number(row['is_shown']) === 1 ? (shown.get(name) ?? nothing()) : rest;
    values[Number(row['at'])] = Number(row['cost']);
    if (values !== rest) shown.set(name, values);
  }
  return { shown, rest };
}

export function toSeriesName(keys: readonly string[]): string {
  return keys.join(keySeparator);
}

type Row = Readonly<Record<string, unknown>>;

function toCell(projectId: string, row: Row, dimensions: number): CostCell {
  const count = (name: string): number => Number(row[name]);
  return {
    keys: toKeys(row, dimensions),
    cost: toTrillionths(row['cost']),
    reported: toTrillionths(row['reported']),
    computed: count('computed_calls') === 0 ? null : toTrillionths(row['computed']),
    compared: {
      calls: count('compared_calls'),
      reported: toTrillionths(row['compared_reported']),
      computed: toTrillionths(row['compared_computed']),
    },
    estimated: toTrillionths(row['estimated']),
    calls: count('calls'),
    pricedCalls: count('priced_calls'),
    tokens: {
      input: count('input_tokens'),
      cacheRead: count('cache_read_tokens'),
      cacheWrite: count('cache_write_tokens'),
      output: count('output_tokens'),
      reasoning: count('reasoning_tokens'),
    },
    runs: count('runs'),
    successfulRuns: count('successful_runs'),
    handoffs: count('handoffs'),
    ofAllRuns: {
      runs: count('all_runs'),
      successfulRuns: count('all_successful_runs'),
      handoffs: count('all_handoffs'),
    },
    silentCalls: count('silent_calls'),
    conflictingCalls: count('conflicting_calls'),
    waste: toTrillionths(row['waste']),
    ...toUses(projectId, row['uses']),
  };
}

function toKeys(row: Row, dimensions: number): string[] {
  return Array.from({ length: dimensions }, (_, at) => String(row[`k${at}`]));
}

type Uses = readonly (readonly [
  provider: string,
  model: string,
  priceDay: number,
  read: string,
  written: string,
  resent: string,
])[];

function toUses(projectId: string, value: unknown): Pick<CostCell, 'cached' | 'uncached'> {
  const uses = (value as Uses).map(([provider, model, priceDay, read, written, resent]) => ({
    projectId,
    provider,
    model,
    priceDay,
    readTokens: Number(read),
    writtenTokens: Number(written),
    tokens: Number(resent),
  }));
  return {
    cached: addCached(uses.filter((use) => use.readTokens + use.writtenTokens > 0)),
    uncached: addUncached(uses.filter(({ tokens }) => tokens > 0)),
  };
}
