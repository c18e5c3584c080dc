import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { oneSpan } from '../store/span-arbitrary.ts';
import {
  toTraceBaseSql,
  toTraceColumnsSql,
  toTraceEventsSql,
  toTraceLinksSql,
  toTraceRevisionSql,
} from '../store/read-skeleton.ts';
import { toEvaluationsSql, toSpanLogsSql, toTraceLogsSql } from '../store/read-logs.ts';
import { toPointsSql } from '../store/read-points.ts';
import {
  toCriticalSharesSql,
  toDurationRanksSql,
  toDurationTotalsSql,
} from '../store/read-critical-path.ts';
import { toFindingGroupsSql, toFindingPageSql } from '../store/read-findings.ts';
import { toHandoffsSql } from '../store/read-handoffs.ts';
import { toRunPageSql, toRunSql } from '../store/read-runs.ts';
import {
  toBreakerTimelinesSql,
  toQueueDepthsSql,
  toQueueTakesSql,
} from '../store/read-timelines.ts';
import { metricSources, type MetricSource } from '../store/metric-sources.ts';
import { toMetricSql } from '../store/metric-sql.ts';
import { toTraceCountSql, toTraceIdsSql } from '../store/requeue-traces.ts';
import type { RunScope } from '../store/runs-sql.ts';
import { toContentSql, toSpanSql } from '../store/read-span.ts';
import { newestTraceSql, toTraceSummariesSql } from '../store/read-traces.ts';
import { toSearchSql } from '../store/search-content.ts';
import type { SqlFragment } from '../store/store.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { toTracePageSql, type TracePageQuery } from '../store/trace-page-sql.ts';
import { toConditions } from './filter-sql.ts';
import { runNumberFields, runTextFields, toRunConditions } from './run-filter.ts';
import { numberFields, parseFilter, textFields } from './filter.ts';

const page = (filter: string, extra: Partial<TracePageQuery> = {}): SqlFragment =>
  toTracePageSql({
    fromUnixNano: 1_795_000_000_000_000_000n,
    toUnixNano: 1_795_086_400_000_000_000n,
    conditions: toConditions(parseFilter(filter)),
    sort: 'start_time',
    order: 'desc',
    after: null,
    limit: 51,
    ...extra,
  });

const { traceId, spanId } = oneSpan;
const after = { value: '12.5', traceId };

const runs = (filter: string): RunScope => ({
  fromUnixNano: 1_795_000_000_000_000_000n,
  toUnixNano: 1_795_086_400_000_000_000n,
  conditions: toRunConditions(filter),
  nowUnixNano: 1_795_086_400_000_000_000n,
});
const runPage = { sort: 'start_time', order: 'desc', after: null, limit: 51 } as const;
const windows = { originUnixNano: 1_795_000_000_000_000_000n, stepNs: 900_000_000_000n };
const metric = (source: MetricSource, groupBy: string, filter = ''): SqlFragment =>
  toMetricSql(source, { scope: runs(filter), ...windows, groupBy, limit: 10 });
const findingPage = { kind: null, subject: null, sort: 'start_time', after: null } as const;
const traceRange = { fromUnixNano: 1n, toUnixNano: 2n };

const queries: [string, SqlFragment][] = [
  ['runs-filtered', toRunPageSql({ ...runs('agent:plan* status:failed cost>0.1'), ...runPage })],
  ['run', toRunSql(runs(''))],
  ['metric-agent-latency', metric(metricSources.agent_latency, 'agent')],
  ['metric-handoff-success', metric(metricSources.handoff_success, 'handoff', 'workflow:refund')],
  ['metric-end-to-end-latency', metric(metricSources.end_to_end_latency, 'none')],
  ['metric-active-runs', metric(metricSources.active_runs, 'workflow')],
  ['metric-cost', metric(metricSources.cost, 'model')],
  ['finding-groups', toFindingGroupsSql(runs(''))],
  [
    'findings-second-page',
    toFindingPageSql({
      ...runs(''),
      ...findingPage,
      kind: 'loop',
      subject: 'planner',
      sort: 'waste_usd',
      after: { value: '0.5', runId: 'run-1', position: 2 },
      limit: 51,
    }),
  ],
  ['critical-durations', toDurationRanksSql(runs(''))],
  ['critical-totals', toDurationTotalsSql(runs(''), '1000')],
  ['critical-shares', toCriticalSharesSql(runs(''), '1000')],
  ['handoffs', toHandoffsSql(runs(''))],
  ['breaker-timelines', toBreakerTimelinesSql(runs(''))],
  ['queue-takes', toQueueTakesSql(runs(''), windows)],
  ['queue-depths', toQueueDepthsSql(runs(''), windows, { name: 'depth', queueKey: 'queue' })],
  ['trace-count', toTraceCountSql(traceRange)],
  ['trace-ids', toTraceIdsSql(traceRange, { after: traceId, limit: 1_000 })],
  ['newest-traces', page('')],
  ['newest-traces-second-page', page('', { after: { ...after, value: '1795000000000000000' } })],
  ['traces-by-cost-second-page', page('', { sort: 'cost', order: 'asc', after })],
  [
    'traces-filtered',
    page('agent:planner -tool:search* status:error cost>0.1 attributes.tier:gold "100%" has:retry'),
  ],
  ['traces-by-content', page('content:"refund of Zürich" -content:secret')],
  [
    'search',
    toSearchSql({
      text: 'Refund policy',
      fromUnixNano: 1_795_000_000_000_000_000n,
      toUnixNano: 1_795_086_400_000_000_000n,
      limit: 21,
      after: { startTimeUnixNano: '1795000000000000000', traceId, spanId },
    }),
  ],
  ['trace-summaries', toTraceSummariesSql([traceId])],
  ['newest-trace', newestTraceSql],
  ['trace-base', toTraceBaseSql(traceId)],
  ['trace-revision', toTraceRevisionSql(traceId)],
  ['trace-columns', toTraceColumnsSql(traceId, oneSpan.startTimeUnixNano)],
  ['trace-events', toTraceEventsSql(traceId, oneSpan.startTimeUnixNano)],
  ['trace-links', toTraceLinksSql(traceId)],
  ['span', toSpanSql(traceId, spanId)],
  ['content', toContentSql(oneSpan, 1)],
  ['trace-logs', toTraceLogsSql(traceId, 200)],
  ['span-logs', toSpanLogsSql(traceId, spanId, 200)],
  ['evaluations', toEvaluationsSql('resp-1', 200)],
  ['points', toPointsSql({ name: 'gen_ai.client.token.usage', from: 1n, to: 2n })],
];

let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
});
afterAll(() => opened.close());

test.each(queries)('%s is the query a reviewer has seen', async (name, { sql, params }) => {
  const shown = `${sql}\n\n-- ${JSON.stringify(params)}\n`;
  const golden = fileURLToPath(new URL(`../../testdata/sql/${name}.sql`, import.meta.url));
  await expect(shown).toMatchFileSnapshot(golden);
});

const everyField = [
  ...textFields.map((field) => `${field}:${exampleOf(field)}`),
  ...numberFields.map((field) => (field === 'duration' ? 'duration<=1h' : `${field}<5`)),
];
const everyRunField = [
  ...runTextFields.map((field) => `${field}:a*`),
  ...runNumberFields.map((field) => (field === 'duration' ? 'duration<=1h' : `${field}<5`)),
];
const everySort = (['start_time', 'duration', 'spans', 'errors', 'tokens', 'cost'] as const).map(
  (sort): [string, SqlFragment] => [`sort ${sort}`, page('', { sort })],
);
const asked: [string, SqlFragment][] = [
  ...queries,
  ...everySort,
  ...everyField.map((filter): [string, SqlFragment] => [filter, page(filter)]),
  ...everyRunField.map((filter): [string, SqlFragment] => [
    `runs ${filter}`,
    toRunPageSql({ ...runs(filter), ...runPage }),
  ]),
];
const everyMetric = Object.entries(metricSources).flatMap(([name, source]) =>
  ['none', ...Object.keys(source.groups)].map((group): [string, SqlFragment] => [
    `metric ${name} by ${group}`,
    metric(source, group),
  ]),
);

function exampleOf(field: string): string {
  return { kind: 'llm', status: 'ok', has: 'handoff' }[field] ?? 'a*';
}

test.each([...asked, ...everyMetric])(
  '%s asks for one project wherever it names a table',
  (_, { sql }) => {
    const named =
      sql.match(
        /\b(FROM|JOIN)\s+(spans|content|trace_time|logs|metric_points|runs|trace_runs|settings_log)\b/g,
      ) ?? [];
    const guarded = sql.match(
      /\bFROM (spans|content|trace_time|logs|metric_points|runs FINAL|trace_runs|settings_log) WHERE project_id = \{projectId:String\}/g,
    );
    expect(named.length).toBeGreaterThan(0);
    expect(guarded?.length).toBe(named.length);
  },
);

// Each metric by each of its groups is asked of ClickHouse, and its answer compared, by metric-routes.test.ts.
test.each(asked)('%s is accepted by ClickHouse', async (_, { sql, params }) => {
  const answer = await opened.store.client.query({
    query: sql,
    query_params: { ...params, projectId: 'default' },
    format: 'JSONEachRow',
  });
  const rows: unknown[] = await answer.json();
  expect(rows.length).toBeLessThanOrEqual(1);
});
