/** The endpoints of the first page; loaded with it. Each part of the page asks for its own, and fails alone. */
import type {
  FindingList,
  OverviewDeploys,
  OverviewFailing,
  OverviewHeatmap,
  OverviewSpend,
  OverviewStats,
  RunList,
} from 'orchescope/contract';
import { get } from '../api.ts';
import type { Scope } from '../routes.ts';

type Asked = { readonly scope: Scope; readonly signal: AbortSignal };

export function readStats({ scope, signal }: Asked): Promise<OverviewStats> {
  return get<OverviewStats>('/api/overview/stats', toQuery(scope), signal);
}

export function readSpend({ scope, signal }: Asked): Promise<OverviewSpend> {
  return get<OverviewSpend>('/api/overview/spend', toQuery(scope), signal);
}

export function readHeatmap({ scope, signal }: Asked, step: string): Promise<OverviewHeatmap> {
  return get<OverviewHeatmap>('/api/overview/heatmap', { ...toQuery(scope), step }, signal);
}

export function readFailing({ scope, signal }: Asked): Promise<OverviewFailing> {
  return get<OverviewFailing>('/api/overview/failing', toQuery(scope), signal);
}

export function readDeploys({ scope, signal }: Asked): Promise<OverviewDeploys> {
  return get<OverviewDeploys>('/api/overview/deploys', toQuery(scope), signal);
}

/** Those that wasted most. */
export function readWorstFindings({ scope, signal }: Asked, limit: number): Promise<FindingList> {
  const query = { ...toQuery(scope), sort: 'waste_usd', limit: String(limit) };
  return get<FindingList>('/api/findings/list', query, signal);
}

export function readNewestRuns({ scope, signal }: Asked, limit: number): Promise<RunList> {
  return get<RunList>('/api/runs', { ...toQuery(scope), limit: String(limit) }, signal);
}

function toQuery({ project, from, to }: Scope): Record<string, string> {
  return { project, from, to };
}
