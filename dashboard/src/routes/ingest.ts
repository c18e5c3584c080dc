import { scopeOf, withQuery, type Address, type Scope } from './address.ts';

/** Of the whole server; the project is only carried along. */
export type IngestRoute = Scope & { readonly page: 'ingest' };

export function ingestRoute(scope: Scope): IngestRoute {
  return { page: 'ingest', ...scopeOf(scope) };
}

export function toIngestUrl(route: IngestRoute): string {
  return withQuery('/ingest', route, {});
}

export function parseIngest({ path, scope }: Address): IngestRoute | null {
  return path === '/ingest' ? ingestRoute(scope) : null;
}
