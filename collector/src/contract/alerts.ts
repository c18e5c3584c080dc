/** Alert rules, what became of them, and who is told. */
import { z } from 'zod';
import { metricGroup, metricName } from './metrics.ts';
import { count, group, project, shortText, slug, timeExpression, timeForms } from './parts.ts';
import { findingSeverity } from './runs.ts';

const durationForms = 'Write a duration such as 30s, 5m, 4h, 7d.';
/** A whole number and a unit. `0s` where nothing is to be waited for. */
export const alertDuration = z.string().regex(/^\d{1,6}(s|m|h|d)$/, durationForms);
export type AlertDuration = z.infer<typeof alertDuration>;

/** Facts of Orchescope itself, and of what arrives: they have no runs behind them. */
export const platformMetric = z.enum([
  /** Seconds since the last span; a project that was heard of for a week counts. */
  'ingest_silence',
  /** Share of the records of the window that were refused or rejected. */
  'rejected_share',
  /** Share of the model calls of the window that have no known price. */
  'unpriced_share',
  /** Seconds that the oldest acknowledged row waits for the store. */
  'wal_age',
  /** Share of the disk under the data directory that is used. */
  'disk_used_share',
  /** Seconds since the rules were evaluated last. */
  'evaluation_age',
  /** Notifications of the window that were given up. */
  'dead_letters',
  /** Share of a budget that is spent. Rules on it are made of budgets, and of nothing else. */
  'budget_used',
  /** Share of a budget that is expected at the end of its period. The same. */
  'budget_forecast',
]);
export type PlatformMetric = z.infer<typeof platformMetric>;

export const alertMetric = z.enum([...metricName.options, ...platformMetric.options]);
export type AlertMetric = z.infer<typeof alertMetric>;

/** `value` = the metric's own number: the p95 of a latency, the ratio of a rate, the sum of a count. */
export const alertAggregation = z.enum([
  'value',
  'p50',
  'p95',
  'p99',
  'mean',
  'min',
  'max',
  'samples',
]);
export type AlertAggregation = z.infer<typeof alertAggregation>;

const direction = z.enum(['above', 'below']);

export const thresholdCondition = z.strictObject({
  type: z.literal('threshold'),
  direction: direction.default('above'),
  /** Alerts beyond it; equal is not beyond. */
  alert: z.number(),
  /** Where it ought to be: the green line of the chart. */
  target: z.number().nullable().default(null),
  /** Recovered on the other side of it; null = 0.8 of `alert`, 1.2 when below, never beyond the target. */
  recover: z.number().nullable().default(null),
});

/** The value over that of its own past: the median of the hours of the trailing `over`. */
export const ratioCondition = z.strictObject({
  type: z.literal('ratio'),
  direction: direction.default('above'),
  alert: z.number().positive(),
  target: z.number().positive().nullable().default(null),
  recover: z.number().positive().nullable().default(null),
  over: alertDuration.default('7d'),
  /** Below so many hours with enough samples the rule is learning, and neither fires nor resolves. */
  minHours: z.int().min(1).max(672).default(24),
});

/** Beyond the median of the same hour of the week by so many median absolute deviations. */
export const seasonalCondition = z.strictObject({
  type: z.literal('seasonal'),
  direction: z.enum(['above', 'below', 'both']).default('above'),
  deviations: z.number().positive().max(100).default(3),
  /** The band is at least so wide, in the unit of the metric. */
  floor: z.number().min(0).default(0),
  weeks: z.int().min(2).max(8).default(4),
});

/** Both windows of any pair burn the budget of the objective faster than the factor. Of ratios alone. */
export const burnRateCondition = z.strictObject({
  type: z.literal('burn_rate'),
  /** Share that must be good, e.g. 0.95. */
  objective: z.number().gt(0).lt(1),
  pairs: z
    .array(
      z.strictObject({ long: alertDuration, short: alertDuration, factor: z.number().positive() }),
    )
    .min(1)
    .max(4)
    .default([
      { long: '1h', short: '5m', factor: 14.4 },
      { long: '6h', short: '30m', factor: 6 },
    ]),
});

/** Nothing in the window. */
export const absenceCondition = z.strictObject({ type: z.literal('absence') });

export const alertCondition = z.discriminatedUnion('type', [
  thresholdCondition,
  ratioCondition,
  seasonalCondition,
  burnRateCondition,
  absenceCondition,
]);
export type AlertCondition = z.infer<typeof alertCondition>;

/** `ok` = counts as recovered; `keep` = nothing changes; `show` = state without a message; `alert` = fires. */
export const noDataPolicy = z.enum(['ok', 'keep', 'show', 'alert']);

const labelName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/);

/** What a person writes of a rule, in a form, a file or a request. */
export const alertRule = z.strictObject({
  id: slug,
  title: shortText.min(1),
  description: z.string().max(2_000).default(''),
  enabled: z.boolean().default(true),
  metric: alertMetric,
  aggregation: alertAggregation.default('value'),
  /** As in the list of runs, e.g. `workflow:refund environment:production`. Platform metrics take none. */
  filter: z.string().max(2_000).default(''),
  /** One state a name, the worst 100 of them. */
  by: metricGroup.default('none'),
  window: alertDuration.default('5m'),
  interval: alertDuration.default('1m'),
  condition: alertCondition,
  /** Beyond the threshold for so long before anybody is told. */
  for: alertDuration.default('0s'),
  /** Past the recovery line for so long before it is over; null = one window. */
  keepFiring: alertDuration.nullable().default(null),
  /** With fewer samples in the window nothing fires and nothing resolves. */
  minSamples: z.int().min(0).max(1_000_000).default(1),
  /** Of ratios: so many that are bad, at least. */
  minBad: z.int().min(0).max(1_000_000).default(0),
  /** Of costs: so large a share of the calls must have a price; null = any. */
  minPricedShare: z.number().min(0).max(1).nullable().default(null),
  noData: noDataPolicy.default('ok'),
  /** Without a sample for so long; null = two windows. */
  absentFor: alertDuration.nullable().default(null),
  severity: findingSeverity.default('warning'),
  /** Names of channels; empty = those that take whatever names none. */
  channels: z.array(slug).max(20).default([]),
  /** How often those are told again that it still fires; `0s` = never. */
  repeatEvery: alertDuration.default('4h'),
  /** New groups of a rule that fires already are told together, so far apart at least. */
  groupEvery: alertDuration.default('5m'),
  /** While one of these rules fires in the project, this one tells nobody. */
  inhibitedBy: z.array(slug).max(20).default([]),
  /** Names of mute timings. */
  muteTimings: z.array(slug).max(20).default([]),
  labels: z.record(labelName, shortText).default({}),
  runbook: z.union([z.literal(''), z.url({ protocol: /^https?$/ }).max(2_000)]).default(''),
  owner: shortText.default(''),
});
export type AlertRule = z.infer<typeof alertRule>;

/** What is running: the mildest first. */
export const alertState = z.enum([
  'normal',
  'pending',
  'recovering',
  'firing',
  'nodata',
  'error',
  'paused',
]);
export type AlertState = z.infer<typeof alertState>;

/** `default` = shipped; `file` = provisioned, read-only; `api` = made or changed here; `budget` = made of one. */
export const alertRuleOrigin = z.enum(['default', 'file', 'api', 'budget']);
export type AlertRuleOrigin = z.infer<typeof alertRuleOrigin>;

/** One group of a rule as it was found last. */
export const alertInstance = z.object({
  fingerprint: z.string(),
  group,
  state: alertState,
  /** Milliseconds since the epoch. */
  sinceMs: z.number(),
  reason: z.string(),
  value: z.number().nullable(),
  /** What the value was held against; null while learning, and of absence. */
  threshold: z.number().nullable(),
  samples: z.number(),
  /** Told to nobody now, and why. */
  silenced: z.boolean(),
  inhibited: z.boolean(),
  muted: z.boolean(),
  flapping: z.boolean(),
  /** Too little is known to judge: few samples, or a baseline that is not there yet. */
  learning: z.boolean(),
  /** Null when none is open. */
  incidentId: z.string().nullable(),
});
export type AlertInstance = z.infer<typeof alertInstance>;

/** A rule with what became of it. */
export const alertRuleStatus = z.object({
  rule: alertRule,
  origin: alertRuleOrigin,
  /** File that it came from; empty otherwise. */
  file: z.string(),
  /** ms | share | usd | count | tokens | tokens/s | s */
  unit: z.string(),
  changedAtMs: z.number().nullable(),
  changedBy: z.string(),
  /** The worst of its groups. */
  state: alertState,
  /** Worst first, at most 100. */
  instances: z.array(alertInstance),
  /** Groups beyond the 100 that are watched. */
  overflow: count,
  lastEvaluatedAtMs: z.number().nullable(),
  /** Why the last evaluation failed; empty when it did not. */
  error: z.string(),
  /** Of the last seven days in 168 hours, oldest first: the share of each in which anything fired. */
  strip: z.array(z.number()),
  /** Of the last seven days. */
  incidentCount: count,
  notificationCount: count,
  firingMinutes: z.number(),
});
export type AlertRuleStatus = z.infer<typeof alertRuleStatus>;

export const alertProjectQuery = z.object({ project });

export const alertRules = z.object({
  rules: z.array(alertRuleStatus),
  /** Milliseconds since the epoch; null before the first. */
  lastEvaluatedAtMs: z.number().nullable(),
});
export type AlertRules = z.infer<typeof alertRules>;

/** PUT: takes the place of the rule of that id, or makes it. */
export const alertRuleChange = z.strictObject({ project, rule: alertRule });
export type AlertRuleChange = z.infer<typeof alertRuleChange>;

/** Rules to begin with: those that ship, and packs that nobody has unless they ask. */
export const alertTemplates = z.object({ templates: z.array(alertRule) });
export type AlertTemplates = z.infer<typeof alertTemplates>;

export const alertRuleId = z.object({ project, id: slug });

/* What would have happened. */

export const alertPreviewRequest = z.strictObject({
  project,
  rule: alertRule,
  from: timeExpression.default('now-7d').describe(`Start of the range. ${timeForms}`),
  to: timeExpression.default('now').describe(`End of the range. ${timeForms}`),
});
export type AlertPreviewRequest = z.infer<typeof alertPreviewRequest>;

/** An incident that would have been. */
export const alertPreviewEpisode = z.object({
  group,
  startedAtMs: z.number(),
  /** Null while it goes on at the end of the range. */
  endedAtMs: z.number().nullable(),
  worst: z.number().nullable(),
});

export const alertPreview = z.object({
  unit: z.string(),
  stepSeconds: z.number(),
  /** When each evaluation would have been, in milliseconds since the epoch. */
  timesMs: z.array(z.number()),
  /** The worst groups, at most 10. One entry a time; null where there was no value. */
  series: z.array(
    z.object({
      group,
      value: z.array(z.number().nullable()),
      /** What the value was held against; one entry when it never moves. */
      threshold: z.array(z.number().nullable()),
      samples: z.array(z.number()),
    }),
  ),
  otherSeries: count,
  episodes: z.array(alertPreviewEpisode),
  /** Of all episodes, also of those that are not listed. */
  episodeCount: count,
  firingMinutes: z.number(),
  messageCount: count,
  messagesPerDay: z.number(),
  /** Sentences: matches nothing, too noisy, learning all the time. */
  warnings: z.array(z.string()),
  /** The rule as a file. */
  yaml: z.string(),
});
export type AlertPreview = z.infer<typeof alertPreview>;
