/** The rules that watch from the first minute on, without anybody having set anything. Channels: the default ones. */
import type { z } from 'zod';
import { alertRule, type AlertMetric, type AlertRule } from '../contract.ts';

type Written = z.input<typeof alertRule>;

const minute = 60_000;

/** The seven numbers. Where a target is, it is the green line of the chart. */
const sevenNumbers: readonly Written[] = [
  {
    id: 'agent-latency-p95',
    title: 'Agents are slow',
    description: 'The 95th percentile of how long calls of an agent take.',
    metric: 'agent_latency',
    by: 'agent',
    window: '5m',
    condition: { type: 'threshold', target: 5_000, alert: 15_000, recover: 12_000 },
    for: '5m',
    minSamples: 20,
    // A slow workflow is slow because of its agents: whoever hears of the one need not hear of the other.
    inhibitedBy: ['e2e-latency-p95'],
  },
  {
    id: 'agent-error-rate',
    title: 'Agents fail',
    description: 'The share of the calls of an agent that failed.',
    metric: 'error_rate',
    by: 'agent',
    window: '10m',
    condition: { type: 'threshold', target: 0.02, alert: 0.1, recover: 0.08 },
    for: '5m',
    minSamples: 50,
    minBad: 5,
    severity: 'critical',
  },
  {
    id: 'token-cost-per-task',
    title: 'Tasks cost more than they did',
    description: 'The mean cost of a finished run, over the median of the hours of the past week.',
    metric: 'token_cost_per_task',
    by: 'workflow',
    window: '1h',
    condition: { type: 'ratio', target: 1, alert: 2, recover: 1.6, over: '7d', minHours: 24 },
    for: '10m',
    minSamples: 20,
    minPricedShare: 0.95,
    // Nothing finished says nothing about what it costs.
    noData: 'keep',
  },
  {
    id: 'loop-rate',
    title: 'Agents run in circles',
    description: 'The share of the runs of a workflow in which a loop was found.',
    metric: 'loop_rate',
    by: 'workflow',
    window: '30m',
    condition: { type: 'threshold', target: 0.01, alert: 0.05, recover: 0.04 },
    for: '5m',
    minSamples: 50,
    minBad: 3,
  },
  {
    id: 'handoff-success',
    title: 'Handoffs fail',
    description: 'The share of the handoffs from one agent to another that were accepted.',
    metric: 'handoff_success',
    by: 'handoff',
    window: '30m',
    condition: {
      type: 'threshold',
      direction: 'below',
      target: 0.95,
      alert: 0.85,
      recover: 0.88,
    },
    for: '5m',
    minSamples: 20,
  },
  {
    id: 'e2e-latency-p95',
    title: 'Workflows are slow',
    description:
      'The 95th percentile of how long runs of a workflow take; open runs count as old as they are.',
    metric: 'end_to_end_latency',
    by: 'workflow',
    window: '10m',
    condition: { type: 'threshold', target: 30_000, alert: minute, recover: 48_000 },
    for: '5m',
    minSamples: 20,
    severity: 'critical',
  },
  {
    id: 'breaker-opens',
    title: 'A circuit breaker opens again and again',
    description: 'How often a circuit breaker opened within an hour.',
    metric: 'breaker_opens',
    by: 'breaker',
    window: '1h',
    condition: { type: 'threshold', target: 0, alert: 3, recover: 1 },
    minSamples: 0,
    severity: 'critical',
  },
];

/** Known without being woken for it. */
const breakerOpened: Written = {
  id: 'breaker-opened',
  title: 'A circuit breaker opened',
  description: 'Once within an hour is enough.',
  metric: 'breaker_opens',
  by: 'breaker',
  window: '1h',
  condition: { type: 'threshold', target: 0, alert: 0, recover: 0 },
  minSamples: 0,
  severity: 'info',
};

/** Of what arrives in a project, and of Orchescope itself. */
const platform: readonly Written[] = [
  {
    id: 'ingest-stopped',
    title: 'No spans arrive',
    description: 'A project that was heard of for a week is silent.',
    metric: 'ingest_silence',
    window: '10m',
    condition: { type: 'threshold', alert: 600, recover: minute / 1_000 },
    minSamples: 0,
    severity: 'critical',
  },
  {
    id: 'rejected-spans',
    title: 'Spans are rejected',
    description:
      'The share of the records that were refused or rejected; the ingest page says why.',
    metric: 'rejected_share',
    window: '10m',
    condition: { type: 'threshold', target: 0, alert: 0.001 },
    for: '5m',
  },
  {
    id: 'unpriced-share',
    title: 'Model calls have no price',
    description: 'The share of the model calls whose cost is not known: sums are too low by those.',
    metric: 'unpriced_share',
    window: '1h',
    condition: { type: 'threshold', target: 0, alert: 0.05 },
    for: '10m',
    minSamples: 20,
  },
  {
    id: 'wal-age',
    title: 'The store does not keep up',
    description: 'Seconds that the oldest acknowledged row waits to be stored.',
    metric: 'wal_age',
    window: '1m',
    condition: { type: 'threshold', target: 5, alert: 60 },
    minSamples: 0,
    severity: 'critical',
  },
  {
    id: 'disk-full',
    title: 'The disk fills up',
    description: 'The share of the disk under the data directory that is used.',
    metric: 'disk_used_share',
    window: '5m',
    // 0.8 of it would not be over before a fifth of the disk is freed.
    condition: { type: 'threshold', target: 0.7, alert: 0.85, recover: 0.82 },
    for: '5m',
    minSamples: 0,
    severity: 'critical',
  },
  {
    id: 'evaluator-stale',
    title: 'Rules are not evaluated',
    description: 'Seconds since rules were evaluated last.',
    metric: 'evaluation_age',
    window: '1m',
    condition: { type: 'threshold', target: minute / 1_000, alert: 180 },
    minSamples: 0,
    severity: 'critical',
  },
  {
    id: 'dead-letters',
    title: 'Notifications were given up',
    description: 'Messages that could not be delivered; the page of channels says why.',
    metric: 'dead_letters',
    window: '1h',
    condition: { type: 'threshold', target: 0, alert: 0, recover: 0 },
    minSamples: 0,
    severity: 'critical',
  },
];

export const defaultRules: readonly AlertRule[] = [...sevenNumbers, breakerOpened, ...platform].map(
  (written) => alertRule.parse(written),
);

const serverMetrics: ReadonlySet<AlertMetric> = new Set([
  'rejected_share',
  'wal_age',
  'disk_used_share',
  'evaluation_age',
  'dead_letters',
]);

/** What a server has once, however many projects it holds: such rules are evaluated in one project alone. */
export function isOfServer({ metric }: Pick<AlertRule, 'metric'>): boolean {
  return serverMetrics.has(metric);
}

export const serverProject = 'default';

export function defaultRulesOf(projectId: string): readonly AlertRule[] {
  return projectId === serverProject
    ? defaultRules
    : defaultRules.filter((rule) => !isOfServer(rule));
}
