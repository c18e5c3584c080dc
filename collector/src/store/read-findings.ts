/** Findings over many runs: added up by kind, and one by one. Runs are those that began in the range. */
import type { FindingKind } from '../run.ts';
import { readRows, type Reader } from './read-rows.ts';
import type { FindingDetails } from './run-row.ts';
import { fromRuns, toScopeParams, type RunScope } from './runs-sql.ts';
import type { SqlFragment } from './store.ts';

type Row = Readonly<Record<string, unknown>>;

/** A row a kind; see `toFindingGroupsSql`. */
export async function readFindingGroups(
  reader: Reader,
  projectId: string,
  scope: RunScope,
): Promise<Row[]> {
  return readRows(reader, projectId, toFindingGroupsSql(scope));
}

export async function countRuns(
  reader: Reader,
  projectId: string,
  scope: RunScope,
): Promise<number> {
  const sql = `SELECT count() AS run_count FROM ${fromRuns('run_id', scope)}`;
  const [row] = await readRows(reader, projectId, { sql, params: toScopeParams(scope) });
  return Number(row?.['run_count'] ?? 0);
}

const findingJoin = `ARRAY JOIN finding_kinds AS kind, finding_variants AS variant, finding_severities AS severity,
  finding_subjects AS subject, finding_waste_ms AS waste_ms, finding_waste_tokens AS waste_tokens,
  finding_waste_usd AS waste_usd, arrayEnumerate(finding_kinds) AS position`;

const findingColumns = `run_id, workflow, root_trace_id, toString(status) AS status_word,
  toUnixTimestamp64Nano(start_time) AS started, toUnixTimestamp64Nano(last_activity) AS heard, finding_kinds,
  finding_variants, finding_severities, finding_subjects, finding_waste_ms, finding_waste_tokens, finding_waste_usd`;

/** Names and how often each is there, most frequent first. Exact: there are no more names than findings. */
const mostFrequent = (name: string): string =>
  `arraySlice(arraySort(pair -> (-pair.2, pair.1), arrayZip(sumMap([toString(${name})], [toInt64(1)]).1 AS ${name}_names,
    sumMap([toString(${name})], [toInt64(1)]).2)), 1, 8) AS ${name}s`;

export function toFindingGroupsSql(scope: RunScope): SqlFragment {
  const sql = `SELECT kind, max(indexOf(['info', 'warning', 'critical'], severity)) AS severity_rank, count() AS finding_count,
  uniqExact(run_id) AS run_count, sum(waste_ms) AS ms, toString(sum(waste_tokens)) AS tokens,
  toString(sum(toDecimal128(waste_usd, 12))) AS usd, toString(max(heard)) AS last_seen,
  ${mostFrequent('subject')},
  ${mostFrequent('workflow')}
FROM ${fromRuns(findingColumns, scope)}
${findingJoin}
GROUP BY kind
ORDER BY sum(toDecimal128(waste_usd, 12)) DESC NULLS LAST, ms DESC NULLS LAST, finding_count DESC, kind`;
  return { sql, params: toScopeParams(scope) };
}

const sorts = {
  start_time: { sql: 'started', type: 'Int64' },
  // Not known sorts below everything that is. Microseconds: a float is no text and back.
  waste_ms: { sql: 'toInt64(ifNull(round(waste_ms * 1000), -1))', type: 'Int64' },
  waste_usd: {
    sql: 'ifNull(toDecimal128(waste_usd, 12), toDecimal128(-1, 12))',
    type: 'Decimal(38, 12)',
  },
} as const;

export type FindingPageQuery = RunScope & {
  readonly kind: FindingKind | null;
  readonly subject: string | null;
  readonly sort: keyof typeof sorts;
  /** The last row of the page before. */
  readonly after: {
    readonly value: string;
    readonly runId: string;
    readonly position: number;
  } | null;
  readonly limit: number;
};

/** Largest first, and the findings of one run in their order. */
export async function readFindingPage(
  reader: Reader,
  projectId: string,
  query: FindingPageQuery,
): Promise<Row[]> {
  const rows = await readRows(reader, projectId, toFindingPageSql(query));
  const details = await readDetails(reader, projectId, query, rows);
  return rows.map((row) =>
    Object.assign(row, {
      details: details.get(String(row['run_id']))?.[Number(row['position']) - 1] ?? lostDetails,
    }),
  );
}

/** Its run was judged again between the two queries, and found otherwise. */
const lostDetails = JSON.stringify({
  sentence: '',
  advice: '',
  spans: [],
  spanCount: 0,
  threshold: { name: '', value: 0, measured: 0 },
} satisfies FindingDetails);

export function toFindingPageSql(query: FindingPageQuery): SqlFragment {
  const { kind, subject, after, limit } = query;
  const { sql: sort, type } = sorts[query.sort];
  const tests = [
    ...(kind === null ? [] : ['kind = {kind:String}']),
    ...(subject === null ? [] : ['subject = {subject:String}']),
    ...(after === null
      ? []
      : [
          `(sort_value, run_id, -position) < ({afterValue:${type}}, {afterRunId:String}, -{afterPosition:Int64})`,
        ]),
  ];
  const where = tests.length === 0 ? '' : `\nWHERE ${tests.join('\n  AND ')}`;
  const sql = `SELECT run_id, toString(workflow) AS workflow_name, root_trace_id, status_word, toString(started) AS start_text, kind, variant,
  severity, subject, waste_ms, toString(waste_tokens) AS tokens, toString(waste_usd) AS usd,
  toInt64(position) AS position, ${sort} AS sort_value, toString(sort_value) AS sort_text
FROM ${fromRuns(findingColumns, query)}
${findingJoin}${where}
ORDER BY sort_value DESC, run_id DESC, -position DESC
LIMIT {limit:UInt32}`;
  return {
    sql,
    params: {
      ...toScopeParams(query),
      limit,
      ...(kind !== null && { kind }),
      ...(subject !== null && { subject }),
      ...(after !== null && {
        afterValue: after.value,
        afterRunId: after.runId,
        afterPosition: after.position,
      }),
    },
  };
}

/** Sentences and evidence are long: only those of the page are read. */
async function readDetails(
  reader: Reader,
  projectId: string,
  { nowUnixNano }: RunScope,
  page: readonly Row[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  if (page.length === 0) return new Map();
  const starts = page.map((row) => BigInt(String(row['start_text']))).sort(compare);
  const runIds = [...new Set(page.map((row) => String(row['run_id'])))];
  const scope: RunScope = {
    fromUnixNano: starts[0] ?? 0n,
    toUnixNano: (starts.at(-1) ?? 0n) + 1n,
    conditions: [{ sql: 'run_id IN {runIds:Array(String)}', params: { runIds } }],
    nowUnixNano,
  };
  const sql = `SELECT run_id, finding_details FROM ${fromRuns('run_id, finding_details', scope)}`;
  const rows = await readRows(reader, projectId, { sql, params: toScopeParams(scope) });
  return new Map(rows.map((row) => [String(row['run_id']), row['finding_details'] as string[]]));
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : Number(a > b);
}
