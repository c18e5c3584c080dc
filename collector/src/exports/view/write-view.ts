/** A view as CSV, as JSON, or as Parquet. */
import type { CostExportRow, CostFlag } from '../../contract.ts';
import { toRunsFilter } from '../../query/costs/dimensions.ts';
import type { Reader } from '../../store/read-rows.ts';
import { byteOrderMark, headLine, line, type Kind } from '../csv.ts';
import { streamFile, streamRows } from '../stream-store.ts';
import type { View } from './open-view.ts';
import { figureColumns } from './view-sql.ts';

const figureNames = Object.keys(figureColumns);
/** After the figures: what the file is of. */
const ownNames = ['runs_filter', 'from', 'to', 'filter'];

export async function* toCsv(
  reader: Reader,
  view: View,
  isMarked: boolean,
): AsyncGenerator<string> {
  yield `${isMarked ? byteOrderMark : ''}${headLine([...view.by, ...figureNames, ...ownNames])}`;
  const kinds: Kind[] = [
    ...view.by.map(() => 'text' as const),
    ...figureNames.map((name) => (name === 'flags' ? 'text' : 'number')),
    ...ownNames.map(() => 'text' as const),
  ];
  const own = [view.from, view.to, view.filter];
  for await (const rows of streamRows(reader, view.sql)) {
    yield rows
      .map((row) =>
        line([...row.slice(0, -1), toFlags(row).join(' '), toFilter(view, row), ...own], kinds),
      )
      .join('');
  }
}

export async function* toJson(reader: Reader, view: View): AsyncGenerator<string> {
  let before = '[\n';
  for await (const rows of streamRows(reader, view.sql)) {
    if (rows.length === 0) continue;
    yield before + rows.map((row) => JSON.stringify(toRow(view, row))).join(',\n');
    before = ',\n';
  }
  yield before === '[\n' ? '[]\n' : '\n]\n';
}

/** Columns as in CSV, without those that say what the file is of. */
export function toParquet(reader: Reader, { sql, by }: View): AsyncGenerator<Uint8Array> {
  const names = by.map((name, at) => `toString(out_k${at}) AS ${name}`);
  const figures = figureNames.map((name) =>
    name === 'flags' ? `trimLeft(out_flags) AS flags` : `out_${name} AS ${name}`,
  );
  const renamed = `SELECT ${[...names, ...figures].join(', ')}
FROM (
${sql.sql}
)`;
  return streamFile(reader, { sql: renamed, params: sql.params }, 'Parquet');
}

type Row = readonly unknown[];

function toKeys({ by }: View, row: Row): string[] {
  return row.slice(0, by.length).map(String);
}

function toFilter(view: View, row: Row): string {
  return toRunsFilter(view.filter, view.by, toKeys(view, row));
}

function toFlags(row: Row): CostFlag[] {
  return String(row.at(-1))
    .split(' ')
    .filter((flag) => flag !== '') as CostFlag[];
}

function toRow(view: View, row: Row): CostExportRow {
  const values = new Map(figureNames.map((name, at) => [name, row[view.by.length + at]]));
  const number = (name: string): number => Number(values.get(name));
  const numberOrNull = (name: string): number | null =>
    values.get(name) === null ? null : number(name);
  const text = (name: string): string => String(values.get(name));
  const textOrNull = (name: string): string | null =>
    values.get(name) === null ? null : text(name);
  return {
    keys: toKeys(view, row),
    figures: {
      costUsd: text('cost_usd'),
      reportedUsd: text('reported_usd'),
      computedUsd: textOrNull('computed_usd'),
      comparedCalls: number('compared_calls'),
      comparedReportedUsd: text('compared_reported_usd'),
      comparedComputedUsd: text('compared_computed_usd'),
      estimatedUsd: text('estimated_usd'),
      calls: number('calls'),
      pricedCalls: number('priced_calls'),
      coverage: numberOrNull('coverage'),
      tokens: {
        input: number('input_tokens'),
        cacheRead: number('cache_read_tokens'),
        cacheWrite: number('cache_write_tokens'),
        output: number('output_tokens'),
        reasoning: number('reasoning_tokens'),
      },
      runs: number('runs'),
      successfulRuns: number('successful_runs'),
      handoffs: number('handoffs'),
      users: numberOrNull('users'),
      costPerRunUsd: textOrNull('cost_per_run_usd'),
      costPerSuccessfulRunUsd: textOrNull('cost_per_successful_run_usd'),
      costPerHandoffUsd: textOrNull('cost_per_handoff_usd'),
      costPerUserUsd: textOrNull('cost_per_user_usd'),
      cacheHitShare: numberOrNull('cache_hit_share'),
      savedByCacheUsd: textOrNull('saved_by_cache_usd'),
      wasteUsd: text('waste_usd'),
    },
    previousCostUsd: textOrNull('previous_cost_usd'),
    share: numberOrNull('share'),
    runsFilter: toFilter(view, row),
    flags: toFlags(row),
  };
}
