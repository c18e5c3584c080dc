/** The pieces that every query over runs is made of. Pure text: golden files show the whole. */
import { fromProject } from './read-rows.ts';
import type { SqlFragment } from './store.ts';

/** Nanoseconds; `to` is excluded. Conditions are on a row, with the names of `derived`. */
export type RunScope = {
  readonly fromUnixNano: bigint;
  readonly toUnixNano: bigint;
  readonly conditions: readonly SqlFragment[];
  /** A running run has lasted until then. */
  readonly nowUnixNano: bigint;
};

const derived = `WITH
  if(status = 'running',
    greatest(toInt64(duration_ns), {now:Int64} - toUnixTimestamp64Nano(start_time)), toInt64(duration_ns)) AS elapsed_ns,
  if(isNull(input_tokens) AND isNull(cache_read_tokens) AND isNull(cache_write_tokens)
      AND isNull(output_tokens) AND isNull(reasoning_tokens), NULL,
    toInt64(ifNull(input_tokens, 0) + ifNull(cache_read_tokens, 0) + ifNull(cache_write_tokens, 0)
      + ifNull(output_tokens, 0) + ifNull(reasoning_tokens, 0))) AS total_tokens`;

const fromMoment = "fromUnixTimestamp64Nano({from:Int64}, 'UTC')";
const toMoment = "fromUnixTimestamp64Nano({to:Int64}, 'UTC')";

/** `began` = the run started in the range; `lived` = some of it lies in the range. */
const ranges = {
  began: `start_time >= ${fromMoment} AND start_time < ${toMoment}`,
  // A running run lives on, whenever it was heard of last.
  lived: `start_time < ${toMoment} AND lives_until >= ${fromMoment}`,
} as const;

/**
 * Each run once, its last verdict, as a query in brackets: follows FROM. All versions of a row stand in one partition,
 * since one that gets another start or retention is deleted where it stood: merging each alone is the same, and faster.
 */
export function fromRuns(
  select: string,
  { conditions }: RunScope,
  range: keyof typeof ranges = 'began',
): string {
  const tests = [ranges[range], ...conditions.map(({ sql }) => sql)];
  return `(
${derived}
SELECT ${select}
FROM ${fromProject('runs FINAL')}
  AND ${tests.join('\n  AND ')}
SETTINGS do_not_merge_across_partitions_select_final = 1
)`;
}

/** A row when any run lives in the range, whatever its last verdict is; none otherwise. */
export function toAnyLivesSql(range: Pick<RunScope, 'fromUnixNano' | 'toUnixNano'>): SqlFragment {
  return {
    sql: `SELECT 1 AS lives FROM ${fromProject('runs')} AND ${ranges.lived} LIMIT 1`,
    params: { from: range.fromUnixNano.toString(), to: range.toUnixNano.toString() },
  };
}

export function toScopeParams(scope: RunScope): Record<string, unknown> {
  return {
    ...Object.assign({}, ...scope.conditions.map(({ params }) => params)),
    from: scope.fromUnixNano.toString(),
    to: scope.toUnixNano.toString(),
    now: scope.nowUnixNano.toString(),
  };
}
