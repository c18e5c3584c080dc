/** What the document says of the first page of the day. */
import * as contract from '../../contract.ts';
import type { Read } from './endpoint.ts';

export const overviewShapes = {
  Deploy: contract.deploy,
  FailingName: contract.failingName,
  HeatmapCell: contract.heatmapCell,
  OverviewDeploys: contract.overviewDeploys,
  OverviewFailing: contract.overviewFailing,
  OverviewHeatmap: contract.overviewHeatmap,
  OverviewModel: contract.overviewModel,
  OverviewSpend: contract.overviewSpend,
  OverviewStats: contract.overviewStats,
};
type Shape = keyof typeof overviewShapes;

export const overviewReads: readonly Read<Shape>[] = [
  {
    path: '/overview/stats',
    summary: 'How the runs of a range went and what fired, over time and against the range before',
    query: contract.overviewQuery,
    answer: 'OverviewStats',
  },
  {
    path: '/overview/spend',
    summary: 'What calls cost, together and by model, over time and against the range before',
    query: contract.overviewQuery,
    answer: 'OverviewSpend',
  },
  {
    path: '/overview/heatmap',
    summary: 'How many runs of which length began when',
    query: contract.overviewQuery,
    answer: 'OverviewHeatmap',
  },
  {
    path: '/overview/failing',
    summary: 'Agents and tools whose calls fail most',
    query: contract.overviewRange,
    answer: 'OverviewFailing',
  },
  {
    path: '/overview/deploys',
    summary: 'Versions of services and workflows that first show up in a range',
    query: contract.overviewRange,
    answer: 'OverviewDeploys',
  },
];
