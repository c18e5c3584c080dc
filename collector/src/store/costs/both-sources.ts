/** Calls, and the sums that stand for those of whole days, as one source. Pure text. */
import { fromProject } from '../read-rows.ts';
import type { RunScope } from '../runs-sql.ts';
import { fromCalls, type CallsAsk } from './call-rows.ts';
import {
  toLeftCalls,
  toLeftRuns,
  toMadeRows,
  toMiddle,
  withoutEnded,
  type Middle,
} from './cut-range.ts';
import type { MadeDay } from './made-days.ts';

export type DaysAsk = {
  readonly scope: RunScope;
  /** Whose calls need not all be read. */
  readonly days: readonly MadeDay[];
};
/** What is selected of calls; the condition is on a call. */
export type CallsPart = {
  readonly select: readonly string[];
  readonly ask: CallsAsk;
  readonly condition?: string;
};
/** The same columns of sums, which may be told less apart; the condition is on a row. */
type DaysPart = {
  readonly table: 'cost_days' | 'cost_waste_days' | 'cost_user_days';
  readonly select: readonly string[];
  readonly condition?: string;
  readonly group?: readonly string[];
};

/** Each summed up by `group` before they meet. */
export function toBothSources(
  ask: DaysAsk,
  group: readonly string[],
  ofCalls: CallsPart,
  ofDays: DaysPart,
): string {
  const middle = toMiddle(ask.scope, ask.days);
  const left = `SELECT ${ofCalls.select.join(',\n  ')}
FROM ${fromLeft(ask, middle, ofCalls.ask)}${and(ofCalls.condition)}${groupBy(group)}`;
  if (middle === null) return left;
  const tests = [toMadeRows(middle), ...(ofDays.condition === undefined ? [] : [ofDays.condition])];
  return `${left}
UNION ALL
SELECT ${ofDays.select.join(',\n  ')}
FROM ${fromSums(ofDays.table, ask.scope, tests)}${groupBy(ofDays.group ?? group)}`;
}

/** Follows FROM: calls that no sum has. */
function fromLeft({ scope, days }: DaysAsk, middle: Middle | null, ask: CallsAsk): string {
  if (middle === null) return fromCalls(withoutEnded(scope, days), ask);
  const left = toLeftRuns(scope, days, middle);
  const calls = fromCalls(
    { ...scope, conditions: [...scope.conditions, left] },
    { ...ask, runs: [...(ask.runs ?? []), 'start_day'] },
  );
  return `${calls}\n  AND ${toLeftCalls(middle)}`;
}

/** Follows FROM. Its rows have what conditions on runs ask for, under the names that those have. */
export function fromSums(
  table: DaysPart['table'],
  { conditions }: Pick<RunScope, 'conditions'>,
  tests: readonly string[],
): string {
  const all = [...tests, ...conditions.map(({ sql }) => sql)];
  return `(
WITH version_name AS workflow_version, '' AS service_version
SELECT *
FROM ${fromProject(table)}
  AND ${all.join('\n  AND ')}
)`;
}

export function groupBy(columns: readonly string[]): string {
  return columns.length === 0 ? '' : `\nGROUP BY ${columns.join(', ')}`;
}

function and(condition: string | undefined): string {
  return condition === undefined ? '' : `\n  AND ${condition}`;
}
