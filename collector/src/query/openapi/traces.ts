/** What the document says of traces, their spans and what was said in them. */
import * as contract from '../../contract.ts';
import type { CoreShape } from './core-shapes.ts';
import type { Read } from './endpoint.ts';

export const traceReads: readonly Read<CoreShape>[] = [
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
];

export const contentReads: readonly Read<CoreShape | 'event stream'>[] = [
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
];
