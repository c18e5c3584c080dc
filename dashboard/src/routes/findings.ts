import type { FindingKind, FindingListQuery } from 'orchescope/contract';
import { findingLabels } from '../findings/finding-labels.ts';
import {
  readOneOf,
  readText,
  scopeOf,
  withQuery,
  type Address,
  type Kept,
  type Scope,
} from './address.ts';

export type FindingSort = FindingListQuery['sort'];
export type FindingsRoute = Scope & {
  readonly page: 'findings';
  readonly q: string;
  /** The open group; empty = none. */
  readonly kind: FindingKind | '';
  /** Of the open group: whom its findings are about; empty = anybody. */
  readonly subject: string;
  readonly sort: FindingSort;
};

const findingKinds = Object.keys(findingLabels) as FindingKind[];
const findingSorts: readonly FindingSort[] = ['start_time', 'waste_usd', 'waste_ms'];
const defaults: Kept<FindingsRoute> = { q: '', kind: '', subject: '', sort: 'start_time' };

export function findingsRoute(
  scope: Scope,
  options: Partial<Kept<FindingsRoute>> = {},
): FindingsRoute {
  return { page: 'findings', ...scopeOf(scope), ...defaults, ...options };
}

export function toFindingsUrl(route: FindingsRoute): string {
  return withQuery('/findings', route, defaults);
}

export function parseFindings(address: Address): FindingsRoute | null {
  const { path, scope } = address;
  if (path !== '/findings') return null;
  return findingsRoute(scope, {
    q: readText(address, 'q'),
    kind: readOneOf(address, 'kind', findingKinds, defaults.kind),
    subject: readText(address, 'subject'),
    sort: readOneOf(address, 'sort', findingSorts, defaults.sort),
  });
}
