/** What the document says of costs. */
import * as contract from '../../contract.ts';
import type { Read } from './endpoint.ts';

export const costShapes = {
  CostDimension: contract.costDimension,
  CostFigures: contract.costFigures,
  CostFlag: contract.costFlag,
  CostReport: contract.costReport,
  CostRow: contract.costRow,
  CostTokens: contract.costTokens,
  WasteClass: contract.wasteClass,
  WasteReport: contract.wasteReport,
  WasteRow: contract.wasteRow,
};
type Shape = keyof typeof costShapes;

export const costReads: readonly Read<Shape>[] = [
  {
    path: '/cost',
    summary: 'What was spent, by one or two dimensions, against the range before',
    query: contract.costQuery,
    answer: 'CostReport',
  },
  {
    path: '/cost/waste',
    summary: 'What was spent for nothing, in classes that add up to no more than was spent',
    query: contract.wasteQuery,
    answer: 'WasteReport',
  },
];
