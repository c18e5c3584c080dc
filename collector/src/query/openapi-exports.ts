/** What the document says of files of costs, and of invoices. */
import type { z } from 'zod';
import * as contract from '../contract.ts';

export const exportShapes = {
  CostExportRow: contract.costExportRow,
  InvoiceDifference: contract.invoiceDifference,
  InvoicePreset: contract.invoicePreset,
  ReconcileRow: contract.reconcileRow,
  Reconciliation: contract.reconciliation,
  ReconciliationList: contract.reconciliationList,
};
type Shape = keyof typeof exportShapes;

type Described = {
  readonly path: string;
  readonly summary: string;
  readonly query: z.ZodObject;
};

/** Answers that are saved as files: a list of a shape, or what is no JSON. */
export const fileReads: readonly (Described & {
  readonly contents: Readonly<Record<string, Shape | null>>;
})[] = [
  {
    path: '/cost/export',
    summary: 'The rows of the same report as a file, or its calls as rows of FOCUS 1.2, streamed',
    query: contract.costExportQuery,
    contents: {
      'text/csv': null,
      'application/json': 'CostExportRow',
      'application/vnd.apache.parquet': null,
    },
  },
];

export const csvPosts: readonly (Described & { readonly answer: Shape })[] = [
  {
    path: '/cost/reconcile',
    summary: "A vendor's invoice as CSV, at most 8 MiB, against what calls cost, by day and model",
    query: contract.reconcileQuery,
    answer: 'Reconciliation',
  },
];

export const exportReads: readonly (Described & { readonly answer: Shape })[] = [
  {
    path: '/cost/reconciliations',
    summary: 'Invoices that were compared and kept, the last one of each provider',
    query: contract.reconciliationsQuery,
    answer: 'ReconciliationList',
  },
];
