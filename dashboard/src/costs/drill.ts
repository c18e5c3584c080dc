/** Where a key of the report leads: into itself, told by something else. */
import type { CostDimension } from 'orchescope/contract';
import type { CostRoute } from '../routes.ts';
import { costDimensions } from './cost-labels.ts';

/** What is usually asked next. */
const order: readonly CostDimension[] = ['workflow', 'agent', 'model', 'tool', 'user', 'session'];

/** null when runs are not found by that key. */
export function drillInto(
  route: CostRoute,
  dimension: CostDimension,
  key: string,
): CostRoute | null {
  if (dimension === 'project') {
    return { ...route, project: key, by: [nextOf(route, 'project')] };
  }
  const { field, isOfOneCall } = costDimensions[dimension];
  // A run has calls in an agent and outside of all: it is not found by having none.
  if (field === null || (key === '' && isOfOneCall)) return null;
  const term = `${field}:${quote(key)}`;
  const next = nextOf(route, dimension);
  return {
    ...route,
    q: route.q.includes(term) ? route.q : `${route.q} ${term}`.trim(),
    // The filter keeps whole runs, so other models stay: they must not be mixed up with the one that was chosen.
    by: isOfOneCall ? [dimension, next] : [next],
  };
}

/** Runs in which a model was called. */
export function modelFilter(model: string): string {
  return `model:${quote(model)}`;
}

function nextOf({ q, by }: CostRoute, from: CostDimension): CostDimension {
  const isOpen = (one: CostDimension): boolean =>
    one !== from && !by.includes(one) && !hasField(q, costDimensions[one].field ?? one);
  return order.find(isOpen) ?? order.find((one) => one !== from) ?? 'workflow';
}

function hasField(q: string, field: string): boolean {
  return q.split(' ').some((word) => word.startsWith(`${field}:`));
}

/** As the filter language reads it: quoted, so that nothing in a value means anything. */
function quote(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`;
}
