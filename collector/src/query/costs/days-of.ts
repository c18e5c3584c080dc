/** Which days a report may take from sums that are made already. */
import { isPerCall, type CallDimension } from '../../store/costs/call-rows.ts';
import { readMadeDays, withoutSums, type MadeDay } from '../../store/costs/made-days.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { RunScope } from '../../store/runs-sql.ts';
import { parseTerms } from '../filter.ts';
import { runNumberFields, runTextFields } from '../run-filter.ts';

/** Sums are kept apart by these: any other word of a filter needs the runs themselves. */
const summedFields: ReadonlySet<string> = new Set(['workflow', 'environment', 'version']);

export type ReportDays = {
  /** Without sums when the filter asks for more than they know. */
  readonly days: readonly MadeDay[];
  /** Of all runs, whatever the filter, and of later ones too. */
  readonly allDays: readonly MadeDay[];
};

/**
 * @param q filter of the report, known to be valid
 * @param by dimensions of the report
 */
export async function readDays(
  reader: Reader,
  q: string,
  scope: RunScope,
  by: readonly CallDimension[] = [],
): Promise<ReportDays> {
  // Of users with one thing more, that alone and the environment are told apart.
  const isOfUserCalls = by.includes('user') && by.some(isPerCall);
  const known = isOfUserCalls ? new Set(['environment']) : summedFields;
  const fields = { text: runTextFields, number: runNumberFields, attributes: false } as const;
  const areSumsEnough = parseTerms(q, fields).every(
    (term) => term.type === 'text' && known.has(term.field),
  );
  const allDays = await readMadeDays(reader);
  const days = allDays.filter(({ startUnixNano }) => startUnixNano < scope.toUnixNano);
  return { days: areSumsEnough ? days : withoutSums(days), allDays };
}

export async function readDaysOf(
  reader: Reader,
  q: string,
  scope: RunScope,
  by: readonly CallDimension[] = [],
): Promise<MadeDay[]> {
  return [...(await readDays(reader, q, scope, by)).days];
}
