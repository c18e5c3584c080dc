/** `/api/openapi.json`, made from the contract, so that it cannot say anything else. */
import type { Hono } from 'hono';
import { z } from 'zod';
import * as contract from '../contract.ts';
import { failures } from './api-failure.ts';
import {
  alertActions,
  alertChanges,
  alertReads,
  alertRemovals,
  alertShapes,
} from './openapi-alerts.ts';
import {
  budgetChanges,
  budgetReads,
  budgetRemovals,
  costReads,
  costShapes,
} from './openapi-costs.ts';
import { priceChanges, priceJobs, priceReads, priceShapes } from './openapi-prices.ts';
import { csvPosts, exportReads, exportShapes, fileReads } from './openapi-exports.ts';
import { overviewReads, overviewShapes } from './openapi-overview.ts';

/** What answers are made of, by the names that the document gives them. */
const shapes = {
  ...alertShapes,
  ...costShapes,
  ...exportShapes,
  ...priceShapes,
  ...overviewShapes,
  AgentCall: contract.agentCall,
  AnalyzeLine: contract.analyzeLine,
  AnalyzeRequest: contract.analyzeRequest,
  ApiError: contract.apiError,
  Attribute: contract.attribute,
  BreakerTimelines: contract.breakerTimelines,
  BreakerTransition: contract.breakerTransition,
  CriticalPathAnswer: contract.criticalPathAnswer,
  CriticalShare: contract.criticalShare,
  DetectorSetting: contract.detectorSetting,
  DetectorSettings: contract.detectorSettings,
  DetectorSettingsChange: contract.detectorSettingsChange,
  ErrorCode: contract.errorCode,
  Evaluation: contract.evaluation,
  Finding: contract.finding,
  FindingCount: contract.findingCount,
  FindingGroup: contract.findingGroup,
  FindingGroups: contract.findingGroups,
  FindingKind: contract.findingKind,
  FindingList: contract.findingList,
  FindingSeverity: contract.findingSeverity,
  HandoffEdge: contract.handoffEdge,
  HandoffMatrix: contract.handoffMatrix,
  IngestHealth: contract.ingestHealth,
  IngestLoss: contract.ingestLoss,
  IngestSender: contract.ingestSender,
  IngestSignal: contract.ingestSignal,
  LiveHello: contract.liveHello,
  LiveSpans: contract.liveSpans,
  LogEntry: contract.logEntry,
  LogFact: contract.logFact,
  Message: contract.message,
  MessagePart: contract.messagePart,
  MetricAnswer: contract.metricAnswer,
  MetricName: contract.metricName,
  MetricSeries: contract.metricSeries,
  NoticeCode: contract.noticeCode,
  Payload: contract.payload,
  ProjectList: contract.projectList,
  QueueTake: contract.queueTake,
  QueueTimelines: contract.queueTimelines,
  RemapLine: contract.remapLine,
  RemapRequest: contract.remapRequest,
  RunDetail: contract.runDetail,
  RunFinding: contract.runFinding,
  RunHandoff: contract.runHandoff,
  RunList: contract.runList,
  RunPattern: contract.runPattern,
  RunStatus: contract.runStatus,
  RunSummary: contract.runSummary,
  SearchResult: contract.searchResult,
  ServerInfo: contract.serverInfo,
  SkeletonColumns: contract.skeletonColumns,
  SpanDetail: contract.spanDetail,
  SpanEvaluation: contract.spanEvaluation,
  SpanKind: contract.spanKind,
  SpanRef: contract.spanRef,
  SpanStatus: contract.spanStatus,
  TokenBuckets: contract.tokenBuckets,
  TraceList: contract.traceList,
  TraceLogs: contract.traceLogs,
  TraceRuns: contract.traceRuns,
  TraceSkeleton: contract.traceSkeleton,
  TraceSummary: contract.traceSummary,
  Usage: contract.usage,
  Waste: contract.waste,
};

type Endpoint = {
  readonly path: string;
  readonly summary: string;
  readonly query: z.ZodObject | null;
  readonly answer: keyof typeof shapes | 'event stream' | 'any JSON';
};

/** What takes the place of what was set. */
type Change = {
  readonly path: string;
  readonly summary: string;
  readonly body: keyof typeof shapes;
  readonly answer: keyof typeof shapes;
};

/** What is sent, and what each line of the answer is. */
type Job = {
  readonly path: string;
  readonly summary: string;
  readonly body: keyof typeof shapes;
  readonly line: keyof typeof shapes;
};

const endpoints: readonly Endpoint[] = [
  { path: '/projects', summary: 'Projects that have spans', query: null, answer: 'ProjectList' },
  { path: '/info', summary: 'The server about itself', query: null, answer: 'ServerInfo' },
  {
    path: '/traces',
    summary: 'Traces, filtered, sorted, in pages',
    query: contract.tracesQuery,
    answer: 'TraceList',
  },
  {
    path: '/traces/{traceId}',
    summary: 'One trace in short',
    query: contract.traceQuery,
    answer: 'TraceSummary',
  },
  {
    path: '/traces/{traceId}/skeleton',
    summary: 'All spans of a trace, as columns',
    query: contract.traceQuery,
    answer: 'TraceSkeleton',
  },
  {
    path: '/traces/{traceId}/spans/{spanId}',
    summary: 'One span with its content',
    query: contract.traceQuery,
    answer: 'SpanDetail',
  },
  {
    path: '/traces/{traceId}/runs',
    summary: 'The runs that a trace is part of, whole',
    query: contract.runQuery,
    answer: 'TraceRuns',
  },
  {
    path: '/runs',
    summary: 'Runs, filtered, sorted, in pages',
    query: contract.runsQuery,
    answer: 'RunList',
  },
  {
    path: '/runs/{runId}',
    summary: 'One run with its findings, calls, handoffs and critical path',
    query: contract.runQuery,
    answer: 'RunDetail',
  },
  {
    path: '/findings',
    summary: 'What went wrong, by kind, with what it wasted',
    query: contract.findingsQuery,
    answer: 'FindingGroups',
  },
  {
    path: '/findings/list',
    summary: 'Findings one by one, with their evidence, in pages',
    query: contract.findingListQuery,
    answer: 'FindingList',
  },
  {
    path: '/metrics/{name}',
    summary: 'One number of runs over time, exact: by window, group and filter',
    query: contract.metricQuery,
    answer: 'MetricAnswer',
  },
  {
    path: '/critical-path',
    summary: 'What decided how long runs took: all of them, and the slowest twentieth',
    query: contract.criticalPathQuery,
    answer: 'CriticalPathAnswer',
  },
  {
    path: '/handoffs',
    summary: 'Who passes to whom, with success, latency and size of context',
    query: contract.handoffsQuery,
    answer: 'HandoffMatrix',
  },
  {
    path: '/timelines/breakers',
    summary: 'When circuit breakers opened and closed',
    query: contract.timelineQuery,
    answer: 'BreakerTimelines',
  },
  {
    path: '/timelines/queues',
    summary: 'Queues by window: taken, failed, waits and depth',
    query: contract.timelineQuery,
    answer: 'QueueTimelines',
  },
  {
    path: '/settings/detectors',
    summary: 'Detectors, their thresholds, and what is set of them',
    query: contract.runQuery,
    answer: 'DetectorSettings',
  },
  {
    path: '/search',
    summary: 'Words in messages and payloads, newest first, one hit a span',
    query: contract.searchQuery,
    answer: 'SearchResult',
  },
  {
    path: '/traces/{traceId}/logs',
    summary: 'The newest log records of a trace',
    query: contract.logsQuery,
    answer: 'TraceLogs',
  },
  {
    path: '/live',
    summary:
      'Server-sent events about traces that receive spans: `hello` (LiveHello) once, then `spans` (LiveSpans)',
    query: contract.liveQuery,
    answer: 'event stream',
  },
  {
    path: '/ingest',
    summary: 'What arrives, from whom, what was refused and why, and how far behind queries are',
    query: null,
    answer: 'IngestHealth',
  },
  { path: '/openapi.json', summary: 'This document', query: null, answer: 'any JSON' },
];

const changes: readonly Change[] = [
  {
    path: '/settings/detectors',
    summary: 'Sets thresholds, mutes and allows, of a project or of one workflow',
    body: 'DetectorSettingsChange',
    answer: 'DetectorSettings',
  },
];

const jobs: readonly Job[] = [
  {
    path: '/remap',
    summary: 'Maps stored spans again with the tables of this version, and tells how far it is',
    body: 'RemapRequest',
    line: 'RemapLine',
  },
  {
    path: '/analyze',
    summary:
      'Judges stored runs again by the rules and thresholds of today, and tells how far it is',
    body: 'AnalyzeRequest',
    line: 'AnalyzeLine',
  },
];

export function addOpenApiRoute(app: Hono, info: contract.ServerInfo): void {
  const document = toOpenApi(info.version);
  app.get('/openapi.json', (c) => c.json(document));
}

export function toOpenApi(version: string): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: { title: 'Orchescope query API', version },
    servers: [{ url: '/api' }],
    paths: toPaths(),
    components: { schemas: toComponents() },
  };
}

function toPaths(): Readonly<Record<string, object>> {
  const operations = [
    ...endpoints.map((one) => [one.path, { get: toOperation(one) }] as const),
    ...[
      ...costReads,
      ...priceReads,
      ...budgetReads,
      ...overviewReads,
      ...alertReads,
      ...exportReads,
    ].map((one) => [one.path, { get: toOperation(one) }] as const),
    ...[...changes, ...priceChanges, ...budgetChanges, ...alertChanges].map(
      (one) => [one.path, { put: toChangeOperation(one) }] as const,
    ),
    ...fileReads.map((one) => [one.path, { get: toFileOperation(one) }] as const),
    ...csvPosts.map((one) => [one.path, { post: toCsvOperation(one) }] as const),
    ...alertActions.map((one) => [one.path, { post: toChangeOperation(one) }] as const),
    ...[...budgetRemovals, ...alertRemovals].map(
      (one) => [one.path, { delete: toRemoval(one) }] as const,
    ),
    ...[...jobs, ...priceJobs].map((one) => [one.path, { post: toJobOperation(one) }] as const),
  ];
  const paths: Record<string, object> = {};
  for (const [path, operation] of operations) paths[path] = { ...paths[path], ...operation };
  return paths;
}

function toChangeOperation({
  path,
  summary,
  body,
  answer,
}: Change): Readonly<Record<string, unknown>> {
  return {
    summary,
    parameters: toPathParameters(path),
    requestBody: { required: true, content: toContent(body) },
    responses: toResponses(toContent(answer)),
  };
}

function toOperation(endpoint: Endpoint): Readonly<Record<string, unknown>> {
  return {
    summary: endpoint.summary,
    parameters: [...toPathParameters(endpoint.path), ...toQueryParameters(endpoint.query)],
    responses: toResponses(toContent(endpoint.answer)),
  };
}

function toFileOperation({
  path,
  summary,
  query,
  contents,
}: (typeof fileReads)[number]): Readonly<Record<string, unknown>> {
  const content = Object.entries(contents).map(([type, shape]) => {
    const schema = shape === null ? { type: 'string' } : toListOf(shape);
    return [type, { schema }] as const;
  });
  return {
    summary,
    parameters: [...toPathParameters(path), ...toQueryParameters(query)],
    responses: toResponses(Object.fromEntries(content)),
  };
}

function toListOf(shape: keyof typeof shapes): object {
  return { type: 'array', items: { $ref: refTo(shape) } };
}

function toCsvOperation({
  path,
  summary,
  query,
  answer,
}: (typeof csvPosts)[number]): Readonly<Record<string, unknown>> {
  return {
    summary,
    parameters: [...toPathParameters(path), ...toQueryParameters(query)],
    requestBody: { required: true, content: { 'text/csv': { schema: { type: 'string' } } } },
    responses: toResponses(toContent(answer)),
  };
}

function toRemoval({
  path,
  summary,
  query,
}: Omit<Endpoint, 'answer'>): Readonly<Record<string, unknown>> {
  const { default: failure } = toResponses({});
  return {
    summary,
    parameters: [...toPathParameters(path), ...toQueryParameters(query)],
    responses: { 204: { description: 'Done' }, default: failure },
  };
}

function toJobOperation({ summary, body, line }: Job): Readonly<Record<string, unknown>> {
  return {
    summary,
    parameters: [],
    requestBody: { required: true, content: toContent(body) },
    responses: toResponses({ 'application/x-ndjson': { schema: { $ref: refTo(line) } } }),
  };
}

function toResponses(
  content: Readonly<Record<string, unknown>>,
): Readonly<Record<'200' | 'default', unknown>> {
  return {
    200: { description: 'OK', content },
    default: {
      description: 'What to change',
      content: { 'application/json': { schema: { $ref: refTo('ApiError') } } },
    },
  };
}

function toPathParameters(path: string): object[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => {
    const place = { name, in: 'path', required: true };
    if (name === 'runId') {
      const description =
        'As a list of runs names it; percent-encoded, as it may hold any character.';
      return { ...place, description, schema: { type: 'string' } };
    }
    if (path.startsWith('/metrics/')) {
      return { ...place, description: 'Which number.', schema: { $ref: refTo('MetricName') } };
    }
    if (name !== 'traceId' && name !== 'spanId') {
      return { ...place, description: 'As its list names it.', schema: { type: 'string' } };
    }
    const length = name === 'traceId' ? 32 : 16;
    return {
      ...place,
      description: `${length} hexadecimal characters, in either case.`,
      schema: { type: 'string', pattern: `^[0-9a-fA-F]{${length}}$` },
    };
  });
}

function toQueryParameters(query: z.ZodObject | null): object[] {
  return Object.entries(query?.shape ?? {}).map(([name, zodSchema]) => {
    const { description, ...schema } = bare(z.toJSONSchema(zodSchema, { io: 'input' }));
    return { name, in: 'query', required: false, description, schema };
  });
}

function toContent(answer: Endpoint['answer']): Readonly<Record<string, unknown>> {
  if (answer === 'event stream') return { 'text/event-stream': { schema: { type: 'string' } } };
  const schema = answer === 'any JSON' ? { type: 'object' } : { $ref: refTo(answer) };
  return { 'application/json': { schema } };
}

function toComponents(): Readonly<Record<string, unknown>> {
  const registry = z.registry<{ id: string }>();
  for (const [id, shape] of Object.entries(shapes)) registry.add(shape, { id });
  const { schemas } = z.toJSONSchema(registry, { uri: refTo, unrepresentable: 'any' });
  const bareSchemas = Object.entries(schemas).map(([id, schema]) => [id, bare(schema)]);
  const described = { ...bare(schemas['ErrorCode'] ?? {}), description: describeFailures() };
  return { ...Object.fromEntries(bareSchemas), ErrorCode: described };
}

function describeFailures(): string {
  return Object.entries(failures)
    .map(([code, { status, meaning }]) => `${code} (${status}): ${meaning}`)
    .join(' ');
}

function refTo(shape: string): string {
  return `#/components/schemas/${shape}`;
}

/** Without what only a document of its own needs. */
function bare(schema: z.core.JSONSchema.BaseSchema): z.core.JSONSchema.BaseSchema {
  const { $schema: _, $id: _id, '~standard': _standard, ...rest } = schema;
  return rest;
}
