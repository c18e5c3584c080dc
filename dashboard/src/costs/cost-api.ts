/** The endpoints of spending, budgets and prices; loaded with their page. */
import type {
  Budget,
  BudgetList,
  CostReport,
  PriceChange,
  PriceTable,
  WasteReport,
} from 'orchescope/contract';
import { get, send } from '../api.ts';
import type { CostRoute } from '../routes.ts';

type Query = Readonly<Record<string, string>>;

/** What a report is asked with; an export is asked with the same. */
export function toReportQuery(
  { project, from, to, q, by, sort, measure }: CostRoute,
  step: string,
  limit: number,
): Query {
  // Counting users takes the server longer.
  const users = measure === 'cost_per_user' ? 'true' : '';
  return { project, from, to, q, by: by.join(','), step, sort, limit: String(limit), users };
}

export function readCosts(query: Query, signal: AbortSignal): Promise<CostReport> {
  return get<CostReport>('/api/cost', query, signal);
}

export type ExportFormat = 'csv' | 'json' | 'parquet' | 'focus';

/** Of all rows, also of those that the table adds up as one. */
export function exportUrl(query: Query, format: ExportFormat): string {
  const given = Object.entries(query).filter(([key, value]) => value !== '' && key !== 'limit');
  return `/api/cost/export?${new URLSearchParams([...given, ['format', format]]).toString()}`;
}

export function readWaste(
  { project, from, to, q }: CostRoute,
  signal: AbortSignal,
): Promise<WasteReport> {
  return get<WasteReport>('/api/cost/waste', { project, from, to, q }, signal);
}

export function readBudgets(project: string, signal: AbortSignal): Promise<BudgetList> {
  return get<BudgetList>('/api/budgets', { project }, signal);
}

export function writeBudget(project: string, budget: Budget): Promise<BudgetList> {
  return send<BudgetList>('PUT', '/api/budgets', { project, budget });
}

export function deleteBudget(project: string, id: string): Promise<BudgetList> {
  const query = new URLSearchParams({ project }).toString();
  return send<BudgetList>('DELETE', `/api/budgets/${encodeURIComponent(id)}?${query}`, {});
}

export function readPrices(
  { project, from, to }: CostRoute,
  signal: AbortSignal,
): Promise<PriceTable> {
  return get<PriceTable>('/api/prices', { project, from, to }, signal);
}

export function writePrices(change: PriceChange): Promise<unknown> {
  return send('PUT', '/api/prices', change);
}
