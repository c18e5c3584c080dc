import type { CostDimension, CostMeasure, CostQuery } from 'orchescope/contract';
import { costDimensions, costMeasures } from '../costs/cost-labels.ts';
import {
  oneOf,
  readOneOf,
  readText,
  scopeOf,
  withQuery,
  type Address,
  type Kept,
  type Scope,
} from './address.ts';

export const costTabs = ['report', 'waste', 'budgets', 'prices'] as const;
export type CostTab = (typeof costTabs)[number];
export type CostSort = CostQuery['sort'];
export const costSteps = ['auto', '1h', '1d', '7d'] as const;
export type CostStep = (typeof costSteps)[number];
export type CostRoute = Scope & {
  readonly page: 'cost';
  readonly tab: CostTab;
  readonly q: string;
  /** One or two. */
  readonly by: readonly CostDimension[];
  readonly measure: CostMeasure;
  readonly sort: CostSort;
  /** Width of a bar. */
  readonly step: CostStep;
};

const dimensions = Object.keys(costDimensions) as CostDimension[];
const measures = Object.keys(costMeasures) as CostMeasure[];
const costSorts: readonly CostSort[] = ['cost', 'tokens', 'change', 'waste', 'runs'];
const defaults: Kept<CostRoute> = {
  tab: 'report',
  q: '',
  by: ['workflow'],
  measure: 'cost',
  sort: 'cost',
  step: 'auto',
};

export function costRoute(scope: Scope, options: Partial<Kept<CostRoute>> = {}): CostRoute {
  return { page: 'cost', ...scopeOf(scope), ...defaults, ...options };
}

export function toCostUrl(route: CostRoute): string {
  return withQuery('/cost', route, defaults);
}

export function parseCost(address: Address): CostRoute | null {
  const { path, scope } = address;
  if (path !== '/cost') return null;
  return costRoute(scope, {
    tab: readOneOf(address, 'tab', costTabs, defaults.tab),
    q: readText(address, 'q'),
    by: toDimensions(readText(address, 'by')),
    measure: readOneOf(address, 'measure', measures, defaults.measure),
    sort: readOneOf(address, 'sort', costSorts, defaults.sort),
    step: readOneOf(address, 'step', costSteps, defaults.step),
  });
}

function toDimensions(text: string): readonly CostDimension[] {
  const names = text.split(',').map((name) => oneOf(dimensions, name, ''));
  const known = [...new Set(names)].filter((name) => name !== '').slice(0, 2);
  return known.length === 0 ? defaults.by : known;
}
