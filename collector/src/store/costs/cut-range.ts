/** Which part of a range the sums of days answer, and which runs are left to be read. Pure. */
import type { RunScope } from '../runs-sql.ts';
import type { SqlFragment } from '../store.ts';
import { dayNs, type MadeDay } from './made-days.ts';

type Range = { readonly fromUnixNano: bigint; readonly toUnixNano: bigint };

/** Whole days in UTC in the middle of a range, and the days of runs whose sums have all calls that runs of them made then. */
export type Middle = Range & { readonly days: readonly MadeDay[] };

/** null = no sum has any of it. */
export function toMiddle(scope: Range, made: readonly MadeDay[]): Middle | null {
  const fromUnixNano = ((scope.fromUnixNano + dayNs - 1n) / dayNs) * dayNs;
  const toUnixNano = (scope.toUnixNano / dayNs) * dayNs;
  const days = made.filter(
    (day) =>
      day.made !== null && day.startUnixNano < toUnixNano && day.lastCallUnixNano >= fromUnixNano,
  );
  return fromUnixNano < toUnixNano && days.length > 0 ? { fromUnixNano, toUnixNano, days } : null;
}

const moment = (unixNano: bigint): string => `fromUnixTimestamp64Nano(toInt64(${unixNano}), 'UTC')`;
const toDayNumbers = (days: readonly MadeDay[]): string =>
  days.map(({ startUnixNano }) => `toDate(${startUnixNano / dayNs})`).join(', ');

/**
 * Of the runs that have to be read: ranges of their start, which leave whole partitions out. Not read are those of days
 * whose last call was before the range, and those of which all calls in the range are in the middle.
 * @param made in order
 */
export function toLeftRuns(
  scope: Range,
  made: readonly MadeDay[],
  middle: Middle | null,
): SqlFragment {
  const ranges: string[] = [];
  let since: bigint | null = null;
  const leave = (until: bigint): void => {
    if (since !== null && since >= until) return;
    const low = since === null ? '' : `start_time >= ${moment(since)} AND `;
    ranges.push(`${low}start_time < ${moment(until)}`);
  };
  for (const day of made) {
    const [from, to] = [day.startUnixNano, day.startUnixNano + dayNs];
    const livesOn = whoIsLeft(day, scope, middle);
    if (livesOn === 'all' || from >= scope.toUnixNano) continue;
    leave(from);
    since = to;
    if (livesOn === 'none') continue;
    ranges.push(
      `start_time >= ${moment(from)} AND start_time < ${moment(to)} AND lives_until >= ${moment(livesOn)}`,
    );
  }
  leave(scope.toUnixNano);
  return { sql: `(${ranges.map((range) => `(${range})`).join('\n    OR ')})`, params: {} };
}

/** A moment: those that live until then. */
function whoIsLeft(day: MadeDay, scope: Range, middle: Middle | null): 'all' | 'none' | bigint {
  if (day.lastCallUnixNano < scope.fromUnixNano) return 'none';
  if (middle === null || day.startUnixNano < middle.fromUnixNano) return 'all';
  if (day.startUnixNano >= middle.toUnixNano) return 'all';
  return day.lastCallUnixNano < middle.toUnixNano ? 'none' : middle.toUnixNano;
}

/** Of the calls of those runs: what the sums have not. In the names of `fromCalls`. */
export function toLeftCalls({ fromUnixNano, toUnixNano, days }: Middle): string {
  return `(call_start < ${moment(fromUnixNano)} OR call_start >= ${moment(toUnixNano)}
  OR start_day NOT IN (${toDayNumbers(days)}))`;
}

/** Of a table of sums: what takes the place of those calls. */
export function toMadeRows({ fromUnixNano, toUnixNano, days }: Middle): string {
  return `${toMakings(days)}
  AND call_day >= toDate(${fromUnixNano / dayNs}) AND call_day < toDate(${toUnixNano / dayNs})`;
}

/** Of a table of sums: rows of these days. */
export function toMakings(days: readonly MadeDay[]): string {
  const made = days.map((day) => `toUInt64(${BigInt(day.made ?? 0)})`);
  return `start_day IN (${toDayNumbers(days)}) AND made IN (${made.join(', ')})`;
}

/** Of a scope, without the runs that need not be read. Unlike sums it fits whatever is asked of the runs. */
export function withoutEnded(scope: RunScope, made: readonly MadeDay[]): RunScope {
  if (made.length === 0) return scope;
  return { ...scope, conditions: [...scope.conditions, toLeftRuns(scope, made, null)] };
}

/** Of a scope, only the runs of days that have no sums: of the others all is known, of whatever time. */
export function withoutMade(scope: RunScope, made: readonly MadeDay[]): RunScope {
  const known = made.map((day) => (day.made === null ? day : { ...day, lastCallUnixNano: -1n }));
  return withoutEnded(scope, known);
}
