/** What a report is told by. */
import { costDimension, type CostDimension } from '../../contract.ts';
import { dimensionColumns, type CallDimension } from '../../store/costs/call-rows.ts';
import { ApiFailure } from '../api-failure.ts';

/** @throws ApiFailure that says what there is */
export function toDimensions(text: string): readonly CostDimension[] {
  const names = text === '' ? [] : text.split(',');
  if (new Set(names).size < names.length) {
    throw new ApiFailure('invalid_request', 'by: name two different dimensions.');
  }
  return names.map((name) => {
    const parsed = costDimension.safeParse(name);
    if (parsed.success) return parsed.data;
    throw new ApiFailure(
      'invalid_request',
      `by: nothing is told by ${name}. Choose ${costDimension.options.join(', ')}.`,
    );
  });
}

export function isOfCalls(dimension: CostDimension): dimension is CallDimension {
  return dimension !== 'project';
}

/** The filter of the report, and the values of a row: what is not found by a field is left to the filter. */
export function toRunsFilter(
  q: string,
  by: readonly CostDimension[],
  keys: readonly string[],
): string {
  const terms = by.flatMap((dimension, at) => {
    const field = isOfCalls(dimension) ? dimensionColumns[dimension].field : null;
    const value = keys[at] ?? '';
    // A run has calls in an agent and outside of all: only what is of the whole run can be found by being empty.
    if (field === null || (value === '' && isOfOneCall(dimension))) return [];
    return [`${field}:${quote(value)}`];
  });
  return [q.trim(), ...terms].filter((part) => part !== '').join(' ');
}

function isOfOneCall(dimension: CostDimension): boolean {
  return ['agent', 'model', 'provider', 'tool'].includes(dimension);
}

/** As the filter language reads it: quoted, so that nothing in a value means anything. */
function quote(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', String.raw`\"`)}"`;
}
