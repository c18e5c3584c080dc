/** Costs on their way out, as files, and a vendor's invoice on its way in. */
import { z } from 'zod';
import { costQuery, costRow } from './costs.ts';
import { project, usd } from './parts.ts';

export const exportFormat = z.enum(['csv', 'json', 'parquet', 'focus']);
export type ExportFormat = z.infer<typeof exportFormat>;

// The query of the report: the file has the rows of the same view.
export const costExportQuery = costQuery.omit({ limit: true }).extend({
  format: exportFormat.default('csv').describe('`focus` = rows of FOCUS 1.2 as CSV.'),
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .max(10_000_000)
    .default(10_000_000)
    .describe('Rows at most.'),
  bom: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Whether CSV begins with a byte order mark, by which some spreadsheets know UTF-8.'),
  period: z
    .enum(['hour', 'day'])
    .default('day')
    .describe('Charge period of `focus`, in UTC. Its rows know neither `by` nor `sort`.'),
});
export type CostExportQuery = z.infer<typeof costExportQuery>;

/** Of `format=json`, which is an array of them. */
export const costExportRow = costRow.omit({ series: true });
export type CostExportRow = z.infer<typeof costExportRow>;

/* Invoices. */

export const invoicePreset = z.enum(['auto', 'openai', 'anthropic', 'focus', 'aws-cur', 'generic']);
export type InvoicePreset = z.infer<typeof invoicePreset>;

const column = z.string().max(256).default('');
const yesOrNo = z.enum(['true', 'false']).default('false');

export const reconcileQuery = z.object({
  project,
  provider: z
    .string()
    .max(100)
    .default('')
    .describe('Provider whose calls are compared; empty = all.'),
  preset: invoicePreset
    .default('auto')
    .describe('Whose file it is: names its columns. `auto` tells by the names that are there.'),
  dateColumn: column.describe('Name of the column of days, where no preset fits.'),
  modelColumn: column.describe('Name of the column of models.'),
  costColumn: column.describe('Name of the column of amounts.'),
  currencyColumn: column.describe('Name of the column of currencies.'),
  currency: z
    .string()
    .regex(/^([A-Za-z]{3})?$/, 'Write three letters such as EUR.')
    .default('')
    .describe('Currency of amounts that do not tell theirs; empty = USD.'),
  rate: z
    .string()
    .regex(/^(\d{1,9}(\.\d{1,12})?)?$/, 'Write USD for one unit, such as 1.08.')
    .default('')
    .describe('USD for one unit of the currency, when it is not USD.'),
  dates: z
    .enum(['auto', 'dmy', 'mdy'])
    .default('auto')
    .describe('What 03/04/2026 means. `auto` takes only days that can mean one thing.'),
  decimal: z
    .enum(['auto', 'point', 'comma'])
    .default('auto')
    .describe('What stands before the cents. `auto` tells by the amounts of the file.'),
  store: yesOrNo.describe(
    'Whether the result is kept as the last one of the project and provider.',
  ),
});
export type ReconcileQuery = z.infer<typeof reconcileQuery>;

export const invoiceDifference = z.object({
  invoicedUsd: usd,
  /** Of the calls that have a price. */
  computedUsd: usd,
  /** Computed less invoiced. */
  deltaUsd: usd,
  /** Of what was invoiced; null when that is nothing. */
  share: z.number().nullable(),
  calls: z.number(),
  pricedCalls: z.number(),
});

export const reconcileRow = invoiceDifference.extend({
  day: z.iso.date(),
  /** Without what tells one snapshot of it from another. */
  model: z.string(),
});
export type ReconcileRow = z.infer<typeof reconcileRow>;

export const reconciliation = z.object({
  project: z.string(),
  provider: z.string(),
  preset: invoicePreset.exclude(['auto']),
  madeAt: z.iso.datetime(),
  /** First and last day of the file, in UTC. */
  from: z.iso.date(),
  to: z.iso.date(),
  currency: z.string(),
  rows: z.array(reconcileRow),
  total: invoiceDifference,
  /** Whether the total is off by no more than `tolerance` of what was invoiced. */
  withinTolerance: z.boolean(),
  tolerance: z.number(),
  lines: z.object({ read: z.number(), empty: z.number(), broken: z.number() }),
  /** The first 100 of those that could not be read. */
  problems: z.array(z.object({ line: z.number(), problem: z.string() })),
});
export type Reconciliation = z.infer<typeof reconciliation>;

export const reconciliationList = z.object({ reconciliations: z.array(reconciliation) });
export type ReconciliationList = z.infer<typeof reconciliationList>;

export const reconciliationsQuery = z.object({ project });
