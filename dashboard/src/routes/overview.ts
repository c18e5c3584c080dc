import { scopeOf, withQuery, type Address, type Scope } from './address.ts';

/** The first page of the day. */
export type OverviewRoute = Scope & { readonly page: 'overview' };

export function overviewRoute(scope: Scope): OverviewRoute {
  return { page: 'overview', ...scopeOf(scope) };
}

export function toOverviewUrl(route: OverviewRoute): string {
  return withQuery('/', route, {});
}

export function parseOverview({ path, scope }: Address): OverviewRoute | null {
  return path === '' || path === '/overview' ? overviewRoute(scope) : null;
}
