/** What fired, and what became of it. */
import { z } from 'zod';
import { alertMetric, alertRule } from './alerts.ts';
import {
  count,
  group,
  nanoseconds,
  project,
  shortText,
  timeExpression,
  timeForms,
  traceId,
} from './parts.ts';
import { findingSeverity } from './runs.ts';

export const incidentState = z.enum(['firing', 'recovering', 'resolved']);

/** One episode of one group of a rule: from firing to its end. */
export const incident = z.object({
  id: z.string(),
  ruleId: z.string(),
  title: z.string(),
  severity: findingSeverity,
  metric: alertMetric,
  unit: z.string(),
  group,
  labels: z.record(z.string(), z.string()),
  owner: z.string(),
  runbook: z.string(),
  state: incidentState,
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  /** Why it ended, in words. */
  endReason: z.string(),
  /** When it began, the worst, and last. */
  firstValue: z.number().nullable(),
  worstValue: z.number().nullable(),
  lastValue: z.number().nullable(),
  threshold: z.number().nullable(),
  target: z.number().nullable(),
  direction: z.enum(['above', 'below', 'both', 'absent']),
  acknowledgedAtMs: z.number().nullable(),
  acknowledgedBy: z.string(),
  silenced: z.boolean(),
  /** Spans of the window it fired on arrived after it was judged. */
  lateData: z.boolean(),
  /** Other groups of the rule that fired at the time and were too many to watch. */
  overflow: count,
});
export type Incident = z.infer<typeof incident>;

export const incidentsQuery = z.object({
  project,
  from: timeExpression.default('now-7d').describe(`Start of the range. ${timeForms}`),
  to: timeExpression.default('now').describe(`End of the range. ${timeForms}`),
  state: z.enum(['any', 'open', 'resolved']).default('any'),
  rule: z.string().max(64).default('').describe('Id of a rule; empty = any.'),
  limit: z.coerce.number().int().min(1).max(500).default(100).describe('Incidents at most.'),
});
export type IncidentsQuery = z.infer<typeof incidentsQuery>;

/** Newest first, the open ones before all others. */
export const incidentList = z.object({
  incidents: z.array(incident),
  openCount: count,
  otherCount: count,
});
export type IncidentList = z.infer<typeof incidentList>;

/** What happened, in order. */
export const incidentEvent = z.object({
  atMs: z.number(),
  kind: z.enum([
    'pending',
    'firing',
    'recovering',
    'refiring',
    'resolved',
    'acknowledged',
    'silenced',
    'flapping',
    'late_data',
    'error',
    'nodata',
  ]),
  text: z.string(),
  by: z.string(),
});

/** One message to one channel. */
export const notification = z.object({
  /** The `webhook-id`: the same however often it is sent. */
  id: z.string(),
  channel: z.string(),
  kind: z.enum([
    'firing',
    'resolved',
    'fired_and_resolved',
    'reminder',
    /** Of PagerDuty alone: that somebody acknowledged it here. */
    'acknowledged',
    'flapping',
    'meta',
    'test',
  ]),
  createdAtMs: z.number(),
  state: z.enum(['waiting', 'delivered', 'dead', 'superseded']),
  attempts: count,
  lastAttemptAtMs: z.number().nullable(),
  nextAttemptAtMs: z.number().nullable(),
  /** Of the last attempt; empty when it went well. */
  error: z.string(),
});
export type Notification = z.infer<typeof notification>;

/** What stands out in the group that fires, against the rest of the runs of the window. */
export const differingFact = z.object({
  /** Field of the filter language, e.g. `model`. */
  field: z.string(),
  value: z.string(),
  /** Shares of runs. */
  inside: z.number(),
  outside: z.number(),
});

export const incidentDetail = z.object({
  incident,
  rule: alertRule.nullable(),
  events: z.array(incidentEvent),
  notifications: z.array(notification),
  exemplars: z.array(
    z.object({
      runId: z.string(),
      traceId,
      workflow: z.string(),
      startTimeUnixNano: nanoseconds,
      value: z.number().nullable(),
    }),
  ),
  differing: z.array(differingFact),
  /** Value against threshold, from before it began until after it ended. */
  chart: z.object({
    timesMs: z.array(z.number()),
    value: z.array(z.number().nullable()),
    /** What the value was held against at each time, the upper edge of a band; null where that is not known. */
    threshold: z.array(z.number().nullable()),
    /** The lower edge of a band; empty where there is one line. */
    lower: z.array(z.number().nullable()),
    /** What is missing in it, and why. */
    notes: z.array(z.string()),
  }),
  /** Filter that shows the runs of the group. */
  runsFilter: z.string(),
});
export type IncidentDetail = z.infer<typeof incidentDetail>;

export const incidentChange = z.strictObject({ project, by: shortText.default('') });

/** What the shell shows on every page. */
export const alertSummary = z.object({
  openCount: count,
  /** Worst severity that is open; null when nothing is. */
  severity: findingSeverity.nullable(),
  incidents: z.array(
    z.object({ id: z.string(), title: z.string(), group, severity: findingSeverity }),
  ),
  lastEvaluatedAtMs: z.number().nullable(),
  deadLetters: count,
});
export type AlertSummary = z.infer<typeof alertSummary>;
