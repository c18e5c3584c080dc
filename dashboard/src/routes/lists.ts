/** The two lists that people begin with: runs, and traces. */
import type { RunSort, TraceSort } from 'orchescope/contract';
import {
  readOneOf,
  readText,
  scopeOf,
  withQuery,
  type Address,
  type Kept,
  type Scope,
} from './address.ts';

const sortOrders = ['asc', 'desc'] as const;
export type SortOrder = (typeof sortOrders)[number];

export type RunsRoute = Scope & {
  readonly page: 'runs';
  readonly q: string;
  readonly sort: RunSort;
  readonly order: SortOrder;
};
export type TracesRoute = Scope & {
  readonly page: 'traces';
  readonly q: string;
  readonly sort: TraceSort;
  readonly order: SortOrder;
};

const runSorts: readonly RunSort[] = [
  'start_time',
  'duration',
  'cost',
  'tokens',
  'errors',
  'findings',
];
const traceSorts: readonly TraceSort[] = [
  'start_time',
  'duration',
  'spans',
  'errors',
  'tokens',
  'cost',
];
const defaults: Kept<RunsRoute> & Kept<TracesRoute> = { q: '', sort: 'start_time', order: 'desc' };

export function runsRoute(scope: Scope, options: Partial<Kept<RunsRoute>> = {}): RunsRoute {
  return { page: 'runs', ...scopeOf(scope), ...defaults, ...options };
}

export function tracesRoute(scope: Scope, options: Partial<Kept<TracesRoute>> = {}): TracesRoute {
  return { page: 'traces', ...scopeOf(scope), ...defaults, ...options };
}

export function toListUrl(route: RunsRoute | TracesRoute): string {
  return withQuery(`/${route.page}`, route, defaults);
}

export function parseList(address: Address): RunsRoute | TracesRoute | null {
  const { path, scope } = address;
  const q = readText(address, 'q');
  const order = readOneOf(address, 'order', sortOrders, defaults.order);
  if (path === '/runs') {
    return runsRoute(scope, {
      q,
      sort: readOneOf(address, 'sort', runSorts, defaults.sort),
      order,
    });
  }
  if (path !== '/traces') return null;
  const sort = readOneOf(address, 'sort', traceSorts, defaults.sort);
  return tracesRoute(scope, { q, sort, order });
}
