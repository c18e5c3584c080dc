/** A file of costs, named and ready to be streamed, in any format. */
import type { CostExportQuery } from '../contract.ts';
import { toDimensions } from '../query/costs/dimensions.ts';
import type { InputPrices } from '../query/costs/list-rates.ts';
import { toRunScope } from '../query/run-scope.ts';
import { toIso } from '../query/time-range.ts';
import type { Reader } from '../store/read-rows.ts';
import { toFileName } from './attachment.ts';
import type { FindListPrices } from './focus/list-prices.ts';
import { toFocusCsv } from './focus/write-focus.ts';
import { toProjectIds } from './to-project-ids.ts';
import { openView, type View } from './view/open-view.ts';
import { toCsv, toJson, toParquet } from './view/write-view.ts';

/** Composed by the server of the prices that calls are priced by. */
export type ExportPrices = {
  readonly inputPrices: InputPrices;
  readonly findListPrices: FindListPrices;
};

export type ExportFile = {
  readonly name: string;
  readonly pieces: AsyncGenerator<string | Uint8Array>;
};

/** @throws ApiFailure or FilterError that says what to change */
export function openFile(
  reader: Reader,
  query: CostExportQuery,
  prices: ExportPrices,
): Promise<ExportFile> {
  return query.format === 'focus'
    ? openFocusFile(reader, query, prices)
    : openViewFile(reader, query, prices);
}

async function openViewFile(
  reader: Reader,
  query: CostExportQuery,
  { inputPrices }: ExportPrices,
): Promise<ExportFile> {
  const view = await openView(reader, query, inputPrices);
  const { by, from, to } = view;
  const owner = by.includes('project') ? '' : query.project;
  const names = ['cost', owner, by.join('-'), toPlain(from), toPlain(to)];
  return { name: toFileName(names, query.format), pieces: toPieces(reader, query, view) };
}

function toPieces(
  reader: Reader,
  { format, bom }: CostExportQuery,
  view: View,
): AsyncGenerator<string | Uint8Array> {
  if (format === 'parquet') return toParquet(reader, view);
  return format === 'json' ? toJson(reader, view) : toCsv(reader, view, bom === 'true');
}

async function openFocusFile(
  reader: Reader,
  query: CostExportQuery,
  { findListPrices }: ExportPrices,
): Promise<ExportFile> {
  const by = toDimensions(query.by);
  const { range, scope } = toRunScope(query);
  const projectIds = await toProjectIds(reader, query.project, by);
  const { period, limit, bom } = query;
  const ask = { projectIds, scope, period, limit, isMarked: bom === 'true' };
  const owner = by.includes('project') ? '' : query.project;
  const names = ['focus', owner, period, toPlain(toIso(range.from)), toPlain(toIso(range.to))];
  return { name: toFileName(names, 'csv'), pieces: toFocusCsv(reader, ask, findListPrices) };
}

function toPlain(moment: string): string {
  return moment.slice(0, 16).replaceAll(':', '');
}
