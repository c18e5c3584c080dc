/** `/api/openapi.json`, made from the contract, so that it cannot say anything else. */
import type { Hono } from 'hono';
import { z } from 'zod';
import {
  apiError,
  liveQuery,
  projectList,
  serverInfo,
  spanDetail,
  traceList,
  traceQuery,
  traceSkeleton,
  traceSummary,
  tracesQuery,
  type ServerInfo,
} from '../contract.ts';

type Endpoint = {
  readonly path: string;
  readonly summary: string;
  readonly query: z.ZodObject | null;
  readonly answer: z.ZodType | 'event stream' | 'any JSON';
};

const endpoints: readonly Endpoint[] = [
  { path: '/projects', summary: 'Projects that have spans', query: null, answer: projectList },
  { path: '/info', summary: 'The server about itself', query: null, answer: serverInfo },
  {
    path: '/traces',
    summary: 'Traces, filtered, sorted, in pages',
    query: tracesQuery,
    answer: traceList,
  },
  {
    path: '/traces/{traceId}',
    summary: 'One trace in short',
    query: traceQuery,
    answer: traceSummary,
  },
  {
    path: '/traces/{traceId}/skeleton',
    summary: 'All spans of a trace, as columns',
    query: traceQuery,
    answer: traceSkeleton,
  },
  {
    path: '/traces/{traceId}/spans/{spanId}',
    summary: 'One span with its content',
    query: traceQuery,
    answer: spanDetail,
  },
  {
    path: '/live',
    summary: 'Server-sent events about traces that receive spans',
    query: liveQuery,
    answer: 'event stream',
  },
  { path: '/openapi.json', summary: 'This document', query: null, answer: 'any JSON' },
];

export function addOpenApiRoute(app: Hono, info: ServerInfo): void {
  const document = toOpenApi(info.version);
  app.get('/openapi.json', (c) => c.json(document));
}

export function toOpenApi(version: string): Readonly<Record<string, unknown>> {
  return {
    openapi: '3.1.0',
    info: { title: 'Orchescope query API', version },
    servers: [{ url: '/api' }],
    paths: Object.fromEntries(endpoints.map((one) => [one.path, { get: toOperation(one) }])),
    components: { schemas: { ApiError: toSchema(apiError, 'output') } },
  };
}

function toOperation(endpoint: Endpoint): Readonly<Record<string, unknown>> {
  return {
    summary: endpoint.summary,
    parameters: [...toPathParameters(endpoint.path), ...toQueryParameters(endpoint.query)],
    responses: {
      200: { description: 'OK', content: toContent(endpoint.answer) },
      default: {
        description: 'What to change',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } },
      },
    },
  };
}

function toPathParameters(path: string): object[] {
  return Array.from(path.matchAll(/\{(\w+)\}/g), ([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string', pattern: name === 'traceId' ? '^[0-9a-f]{32}$' : '^[0-9a-f]{16}$' },
  }));
}

function toQueryParameters(query: z.ZodObject | null): object[] {
  return Object.entries(query?.shape ?? {}).map(([name, schema]) => ({
    name,
    in: 'query',
    required: false,
    schema: toSchema(schema as z.ZodType, 'input'),
  }));
}

function toContent(answer: Endpoint['answer']): Readonly<Record<string, unknown>> {
  if (answer === 'event stream') return { 'text/event-stream': { schema: { type: 'string' } } };
  const schema = answer === 'any JSON' ? { type: 'object' } : toSchema(answer, 'output');
  return { 'application/json': { schema } };
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Readonly<Record<string, unknown>> {
  const {
    $schema: _,
    '~standard': _standard,
    ...json
  } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return json;
}
