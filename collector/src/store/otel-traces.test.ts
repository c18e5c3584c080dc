/** The view that Grafana and other readers of OpenTelemetry's ClickHouse tables look at. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Span } from '../span.ts';
import { readRows } from './engine/testing-engine.ts';
import { oneSpan } from './span-arbitrary.ts';
import { startTestStore, storeSpans, type TestStore } from './testing.ts';

const span: Span = {
  ...oneSpan,
  name: 'chat gpt-5.2',
  otelKind: 3,
  status: 'error',
  statusMessage: 'too many tokens',
  scopeName: 'agents',
  scopeVersion: '1.4.2',
  attributes: new Map<string, string | number>([
    ['gen_ai.request.model', 'gpt-5.2'],
    ['gen_ai.usage.input_tokens', 12],
  ]),
  resourceAttributes: new Map([['service.name', 'shop']]),
  events: [
    {
      name: 'exception',
      timeUnixNano: oneSpan.startTimeUnixNano + 5n,
      attributes: new Map<string, string | number>([
        ['exception.type', 'RateLimitError'],
        ['retries', 2],
      ]),
    },
  ],
  links: [
    {
      traceId: '2'.repeat(32),
      spanId: '3'.repeat(16),
      rel: 'resumes',
      attributes: new Map([['orchescope.link.rel', 'resumes']]),
    },
  ],
};

let opened: TestStore;
beforeAll(async () => {
  opened = await startTestStore();
  const running = { ...span, endTimeUnixNano: 0n, flags: 1 };
  // In inserts of their own: merges may not have joined the copies yet.
  await storeSpans(opened, [running]);
  await storeSpans(opened, [span]);
  await storeSpans(opened, [span]);
  await storeSpans(opened, [{ ...running, spanId: '4'.repeat(16) }]);
});
afterAll(() => opened.close());

const rows = (sql: string): Promise<unknown[]> => readRows(opened.store.client, sql);

test('the columns are the exporter’s, with its types', async () => {
  const columns = await rows(
    "SELECT name, type FROM system.columns WHERE table = 'otel_traces' AND database = currentDatabase()",
  );
  expect(columns.map((column) => Object.values(column as object).join(' '))).toEqual([
    "Timestamp DateTime64(9, 'UTC')",
    'TraceId String',
    'SpanId String',
    'ParentSpanId String',
    'TraceState String',
    'SpanName LowCardinality(String)',
    'SpanKind LowCardinality(String)',
    'ServiceName LowCardinality(String)',
    'ResourceAttributes Map(LowCardinality(String), String)',
    'ScopeName String',
    'ScopeVersion String',
    'SpanAttributes Map(LowCardinality(String), String)',
    'Duration UInt64',
    'StatusCode LowCardinality(String)',
    'StatusMessage String',
    "Events.Timestamp Array(DateTime64(9, 'UTC'))",
    'Events.Name Array(LowCardinality(String))',
    'Events.Attributes Array(Map(LowCardinality(String), String))',
    'Links.TraceId Array(String)',
    'Links.SpanId Array(String)',
    'Links.TraceState Array(String)',
    'Links.Attributes Array(Map(LowCardinality(String), String))',
    'ProjectId LowCardinality(String)',
  ]);
});

test('an ended span is there once, and one that runs is not', async () => {
  const [row, ...others] = await rows('SELECT * FROM otel_traces');
  expect(others).toEqual([]);
  expect(row).toEqual({
    Timestamp: '2026-11-18 11:06:40.000000000',
    TraceId: span.traceId,
    SpanId: span.spanId,
    ParentSpanId: '',
    TraceState: '',
    SpanName: 'chat gpt-5.2',
    SpanKind: 'Client',
    ServiceName: 'shop',
    ResourceAttributes: { 'service.name': 'shop' },
    ScopeName: 'agents',
    ScopeVersion: '1.4.2',
    SpanAttributes: { 'gen_ai.request.model': 'gpt-5.2', 'gen_ai.usage.input_tokens': '12' },
    Duration: '1000000000',
    StatusCode: 'Error',
    StatusMessage: 'too many tokens',
    'Events.Timestamp': ['2026-11-18 11:06:40.000000005'],
    'Events.Name': ['exception'],
    'Events.Attributes': [{ 'exception.type': 'RateLimitError', retries: '2' }],
    'Links.TraceId': ['2'.repeat(32)],
    'Links.SpanId': ['3'.repeat(16)],
    'Links.TraceState': [''],
    'Links.Attributes': [{ 'orchescope.link.rel': 'resumes' }],
    ProjectId: 'default',
  });
});

test('a trace panel of Grafana reads it', async () => {
  expect(
    await rows(`SELECT TraceId AS traceID, SpanId AS spanID, ParentSpanId AS parentSpanID, ServiceName AS serviceName,
      SpanName AS operationName, multiply(toUnixTimestamp64Nano(Timestamp), 0.000001) AS startTime, multiply(Duration, 0.000001) AS duration,
      arrayMap(key -> map('key', key, 'value', SpanAttributes[key]), mapKeys(SpanAttributes)) AS tags,
      if(StatusCode IN ('Error', 'STATUS_CODE_ERROR'), 2, 0) AS statusCode
    FROM otel_traces WHERE traceID = '${span.traceId}' AND startTime > 0 LIMIT 1000`),
  ).toEqual([
    {
      traceID: span.traceId,
      spanID: span.spanId,
      parentSpanID: '',
      serviceName: 'shop',
      operationName: 'chat gpt-5.2',
      startTime: 1_795_000_000_000,
      duration: 1000,
      tags: [
        { key: 'gen_ai.request.model', value: 'gpt-5.2' },
        { key: 'gen_ai.usage.input_tokens', value: '12' },
      ],
      statusCode: 2,
    },
  ]);
});

test('a time range opens only the partitions it needs', async () => {
  const plan = await rows(
    "EXPLAIN indexes = 1 SELECT SpanName FROM otel_traces WHERE Timestamp >= '2020-01-01 00:00:00' AND Timestamp < '2020-01-02 00:00:00' AND ParentSpanId = ''",
  );
  expect(JSON.stringify(plan)).toMatch(/Parts: 0\/|ReadNothing|ReadFromPreparedSource/);
});
