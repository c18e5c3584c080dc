/** What was spent in a range, by one or two dimensions. Money is whole trillionths of a USD: it adds up exactly. */
import { readRows, type Reader } from '../read-rows.ts';
import {
  keySeparator,
  toCostAloneSql,
  toCostSql,
  toSeriesSql,
  type CostAsk,
  type SeriesAsk,
} from './cost-sql.ts';
import { toTrillionths } from './sum-text.ts';

/** Tokens of calls that are priced, by provider and model. */
export type CacheUse = {
  readonly provider: string;
  readonly model: string;
  readonly readTokens: number;
  readonly writtenTokens: number;
};
export type UncachedUse = {
  readonly provider: string;
  readonly model: string;
  readonly tokens: number;
};

export type CostCell = {
  /** One a dimension; empty = not told. */
  readonly keys: readonly string[];
  readonly cost: bigint;
  readonly reported: bigint;
  /** null = the list has none of the calls. */
  readonly computed: bigint | null;
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
  readonly runs: number;
  readonly successfulRuns: number;
  readonly handoffs: number;
  readonly users: number;
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
  ask: CostAsk,
): Promise<CostCell[]> {
  const rows = await readRows(reader, projectId, toCostSql(ask));
  return rows.map((row) => toCell(row, ask.by.length));
}

export type SpentBefore = { readonly keys: readonly string[]; readonly cost: bigint };

/** Cells without calls are not among them. */
export async function readSpent(
  reader: Reader,
  projectId: string,
  ask: CostAsk,
): Promise<SpentBefore[]> {
  const rows = await readRows(reader, projectId, toCostAloneSql(ask));
  return rows
    .filter((row) => Number(row['calls']) > 0)
    .map((row) => ({ keys: toKeys(row, ask.by.length), cost: toTrillionths(row['cost_usd']) }));
}

/** USD a window, by the keys joined with `keySeparator`. */
export async function readCostSeries(
  reader: Reader,
  projectId: string,
  ask: SeriesAsk & { readonly windows: number },
): Promise<ReadonlyMap<string, readonly number[]>> {
  const rows = await readRows(reader, projectId, toSeriesSql(ask));
  const series = new Map<string, number[]>();
  for (const row of rows) {
    const name = String(row['name']);
    const values = series.get(name) ?? Array.from({ length: ask.windows }, () => 0);
    values[Number(row['at'])] = Number(row['cost']);
    series.set(name, values);
  }
  return series;
}

export function toSeriesName(keys: readonly string[]): string {
  return keys.join(keySeparator);
}

type Row = Readonly<Record<string, unknown>>;

function toCell(row: Row, dimensions: number): CostCell {
  const count = (name: string): number => Number(row[name]);
  return {
    keys: toKeys(row, dimensions),
    cost: toTrillionths(row['cost_usd']),
    reported: toTrillionths(row['reported_usd']),
    computed: count('computed_calls') === 0 ? null : toTrillionths(row['computed_usd']),
    estimated: toTrillionths(row['estimated_usd']),
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
    users: count('users'),
    silentCalls: count('silent_calls'),
    conflictingCalls: count('conflicting_calls'),
    waste: toTrillionths(row['waste_usd']),
    cached: toUses(row['cached']).map(([provider, model, [readTokens = 0, writtenTokens = 0]]) => ({
      provider,
      model,
      readTokens,
      writtenTokens,
    })),
    uncached: toUses(row['uncached']).map(([provider, model, [tokens = 0]]) => ({
      provider,
      model,
      tokens,
    })),
  };
}

function toKeys(row: Row, dimensions: number): string[] {
  return Array.from({ length: dimensions }, (_, at) => String(row[`k${at}`]));
}

/** A tuple of names, and of one list of sums or more. */
function toUses(
  value: unknown,
): (readonly [provider: string, model: string, sums: readonly number[]])[] {
  const [names = [], ...sums] = value as (readonly (string | number)[])[];
  return names.map((name, at) => {
    const [provider = '', model = ''] = String(name).split('\n');
    return [provider, model, sums.map((values) => Number(values[at]))] as const;
  });
}
