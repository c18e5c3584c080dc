/** What the first page of the day is made of: how it stands, what changed, where to look. */
import { z } from 'zod';
import { count, runRange, usd } from './parts.ts';

export const overviewQuery = z.object({
  ...runRange,
  step: z
    .string()
    .regex(/^(auto|\d{1,4}[smhd])$/, 'Write auto, or a step such as 5m, 1h, 1d.')
    .default('auto')
    .describe('Width of a window; at most 1,000 windows fit a range.'),
});
export type OverviewQuery = z.infer<typeof overviewQuery>;

export const overviewRange = z.object(runRange);
export type OverviewRange = z.infer<typeof overviewRange>;

const windows = {
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  stepSeconds: z.number(),
  /** Start of each window. */
  times: z.array(z.iso.datetime()),
};

// Of the runs that began in a range.
const runFigures = z.object({
  runs: count,
  // Neither running nor suspended.
  overRuns: count,
  completedRuns: count,
  failedRuns: count,
  // Completed runs of those that are over; null = none is.
  successShare: z.number().nullable(),
  // End to end; of a running run until now. Suspended ones are left out. Null where there is none.
  p95Ms: z.number().nullable(),
  // Of all their calls.
  tokens: count,
});

// Of the calls of models that began in a range, as `/cost` counts them.
const callFigures = z.object({
  calls: count,
  pricedCalls: count,
  // Priced calls of all calls; null = there are none.
  coverage: z.number().nullable(),
  // Null = no call has a price.
  costUsd: usd.nullable(),
});

/** Five of the six numbers; what they cost is in `overviewSpend`, which takes longest to read. `previous` is of the range before, as long as this one. */
export const overviewStats = z.object({
  ...windows,
  previousFrom: z.iso.datetime(),
  runs: z.object({
    now: runFigures,
    previous: runFigures,
    /** One entry a window; null where there is nothing to tell. */
    series: z.object({
      runs: z.array(count),
      failedRuns: z.array(count),
      successShare: z.array(z.number().nullable()),
      p95Ms: z.array(z.number().nullable()),
      tokens: z.array(count),
    }),
  }),
  incidents: z.object({
    /** Open where the range ends. */
    now: count,
    /** Open where it begins. */
    previous: count,
    /** Open where each window ends. */
    series: z.array(count),
  }),
  /** When no run began in the range: start of the newest one of the project, null when it has none. */
  newestRunAt: z.iso.datetime().nullable(),
});
export type OverviewStats = z.infer<typeof overviewStats>;

/** What the calls of one model cost, largest first. */
export const overviewModel = z.object({
  /** Empty = not told. */
  model: z.string(),
  ...callFigures.shape,
  /** Null = no call of it then, or none with a price. */
  previousCostUsd: usd.nullable(),
  /** USD of each window. */
  series: z.array(z.number()),
  /** That began in the range and called it: as many as `runsFilter` shows in the list of runs. */
  runs: count,
  runsFilter: z.string(),
});
export type OverviewModel = z.infer<typeof overviewModel>;

/** What calls cost, together and by model. */
export const overviewSpend = z.object({
  ...windows,
  now: callFigures,
  previous: callFigures,
  /** USD of each window. */
  series: z.array(z.number()),
  /** Those that cost most. */
  models: z.array(overviewModel),
  /** Beyond those; null when there are none. */
  other: z.object({ models: count, costUsd: usd, series: z.array(z.number()) }).nullable(),
});
export type OverviewSpend = z.infer<typeof overviewSpend>;

/** How many runs of a length began in a window. */
export const heatmapCell = z.object({
  /** Number of the window. */
  at: count,
  /** Number of the row in `rows`. */
  row: count,
  runs: count,
  failedRuns: count,
});
export type HeatmapCell = z.infer<typeof heatmapCell>;

export const overviewHeatmap = z.object({
  ...windows,
  /** Shortest first: `fromMs` is in it, `toMs` is not. Between the shortest and the longest run none is left out. */
  rows: z.array(z.object({ fromMs: z.number(), toMs: z.number(), runsFilter: z.string() })),
  /** Those that have runs. The runs behind one: `runsFilter` of its row, in the time of its window. */
  cells: z.array(heatmapCell),
  runs: count,
});
export type OverviewHeatmap = z.infer<typeof overviewHeatmap>;

/** An agent or a tool whose calls failed. */
export const failingName = z.object({
  name: z.string(),
  calls: count,
  failedCalls: count,
  /** Failed calls of all calls. */
  share: z.number(),
  /** Type of the latest failure, or what was said of it; empty = nothing was. */
  lastError: z.string(),
  lastFailedAt: z.iso.datetime(),
  /** That began in the range and in which such a call failed: as many as `runsFilter` shows in the list of runs. */
  runs: count,
  runsFilter: z.string(),
});
export type FailingName = z.infer<typeof failingName>;

/** Most failed calls first, at most eight each. */
export const overviewFailing = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** Calls by runs that began in the range. */
  agents: z.array(failingName),
  /** Calls that began in the range, from `toolsFrom` on, and runs that began then. */
  tools: z.array(failingName),
  /** Later than `from` where the range holds more spans than are looked through. */
  toolsFrom: z.iso.datetime(),
});
export type OverviewFailing = z.infer<typeof overviewFailing>;

/** A version that was not there in the time before. */
export const deploy = z.object({
  kind: z.enum(['service', 'workflow']),
  name: z.string(),
  version: z.string(),
  /** Start of the first run that told of it. */
  at: z.iso.datetime(),
  /** From `at` until the range ends: as many as `runsFilter` shows in the list of runs. */
  runs: count,
  runsFilter: z.string(),
});
export type Deploy = z.infer<typeof deploy>;

export const overviewDeploys = z.object({
  from: z.iso.datetime(),
  to: z.iso.datetime(),
  /** In order of time; the latest 40. */
  deploys: z.array(deploy),
});
export type OverviewDeploys = z.infer<typeof overviewDeploys>;
