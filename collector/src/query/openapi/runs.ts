/** What the document says of runs, what went wrong in them, and how they are judged. */
import * as contract from '../../contract.ts';
import type { CoreShape } from './core-shapes.ts';
import type { Job, Read, Sent } from './endpoint.ts';

export const runReads: readonly Read<CoreShape>[] = [
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
];

export const insightReads: readonly Read<CoreShape>[] = [
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
];

export const detectorChanges: readonly Sent<CoreShape>[] = [
  {
    path: '/settings/detectors',
    summary: 'Sets thresholds, mutes and allows, of a project or of one workflow',
    body: 'DetectorSettingsChange',
    answer: 'DetectorSettings',
  },
];

export const analyzeJobs: readonly Job<CoreShape>[] = [
  {
    path: '/analyze',
    summary:
      'Judges stored runs again by the rules and thresholds of today, and tells how far it is',
    body: 'AnalyzeRequest',
    line: 'AnalyzeLine',
  },
];
