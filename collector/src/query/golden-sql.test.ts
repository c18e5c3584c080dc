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
import { toContentSql, toSpanSql } from '../store/read-span.ts';
import { newestTraceSql, toTraceSummariesSql } from '../store/read-traces.ts';
import { toSearchSql } from '../store/search-content.ts';
import type { SqlFragment } from '../store/store.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { toTracePageSql, type TracePageQuery } from '../store/trace-page-sql.ts';
import { toConditions } from './filter-sql.ts';
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

const queries: [string, SqlFragment][] = [
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
const everySort = (['start_time', 'duration', 'spans', 'errors', 'tokens', 'cost'] as const).map(
  (sort): [string, SqlFragment] => [`sort ${sort}`, page('', { sort })],
);
const all: [string, SqlFragment][] = [
  ...queries,
  ...everySort,
  ...everyField.map((filter): [string, SqlFragment] => [filter, page(filter)]),
];

function exampleOf(field: string): string {
  return { kind: 'llm', status: 'ok', has: 'handoff' }[field] ?? 'a*';
}

test.each(all)('%s asks for one project wherever it names a table', (_, { sql }) => {
  const named = sql.match(/\b(FROM|JOIN)\s+(spans|content|trace_time|logs|metric_points)\b/g) ?? [];
  const guarded = sql.match(
    /\bFROM (spans|content|trace_time|logs|metric_points) WHERE project_id = \{projectId:String\}/g,
  );
  expect(named.length).toBeGreaterThan(0);
  expect(guarded?.length).toBe(named.length);
});

test.each(all)('%s is accepted by ClickHouse', async (_, { sql, params }) => {
  const answer = await opened.store.client.query({
    query: sql,
    query_params: { ...params, projectId: 'default' },
    format: 'JSONEachRow',
  });
  const rows: unknown[] = await answer.json();
  expect(rows.length).toBeLessThanOrEqual(1);
});
