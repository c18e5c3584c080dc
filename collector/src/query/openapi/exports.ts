/** What the document says of files of costs, and of invoices. */
import * as contract from '../../contract.ts';
import type { CsvPost, FileRead, Read } from './endpoint.ts';

export const exportShapes = {
  CostExportRow: contract.costExportRow,
  InvoiceDifference: contract.invoiceDifference,
  InvoicePreset: contract.invoicePreset,
  ReconcileRow: contract.reconcileRow,
  Reconciliation: contract.reconciliation,
  ReconciliationList: contract.reconciliationList,
};
type Shape = keyof typeof exportShapes;

export const fileReads: readonly FileRead<Shape>[] = [
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

export const csvPosts: readonly CsvPost<Shape>[] = [
  {
    path: '/cost/reconcile',
    summary: "A vendor's invoice as CSV, at most 8 MiB, against what calls cost, by day and model",
    query: contract.reconcileQuery,
    answer: 'Reconciliation',
  },
];

export const exportReads: readonly Read<Shape>[] = [
  {
    path: '/cost/reconciliations',
    summary: 'Invoices that were compared and kept, the last one of each provider',
    query: contract.reconciliationsQuery,
    answer: 'ReconciliationList',
  },
];
