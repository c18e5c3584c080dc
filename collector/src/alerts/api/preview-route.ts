/** What a rule would have done, before it is kept. */
import type { Hono } from 'hono';
import { setImmediate } from 'node:timers/promises';
import {
  alertPreviewRequest,
  type AlertPreview,
  type AlertPreviewRequest,
  type AlertRule,
} from '../../contract.ts';
import { limitBody } from '../../query/read-json-body.ts';
import { readRange } from '../../query/read-range.ts';
import { toReader } from '../../query/reader.ts';
import { ApiFailure } from '../../query/api-failure.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { AlertSettings } from '../alert-settings.ts';
import { backtest, type Backtest, type BacktestInput } from '../backtest/backtest.ts';
import { toYaml } from '../files/to-yaml.ts';
import { warningsOf } from '../settings/check-rule.ts';
import { sourceOf, unitOf } from '../settings/metric-facts.ts';
import { toTimedRule } from '../timed-rule.ts';
import { maxChangeBytes, readChange } from './change-settings.ts';
import type { AlertRouteParts } from './parts.ts';
import { toPreviewSeries } from './preview-series.ts';
import { readHistory, toTried, type Range } from './read-history.ts';
import { readStoredHistory } from './read-stored-history.ts';
import { assertRule, toContext } from './rule-routes.ts';

const dayMs = 86_400_000;
const longestMs = 30 * dayMs;
const mostEpisodes = 200;
/** More of them a day, and nobody reads the next one. */
const manyMessages = 20;

export type PreviewParts = Pick<AlertRouteParts, 'store'> & {
  readonly settings: Pick<AlertRouteParts['settings'], 'read'>;
};

export function addPreviewRoute(app: Hono, parts: PreviewParts): void {
  app.post('/alerts/preview', limitBody(maxChangeBytes), async (c) => {
    const request = await readChange(c, alertPreviewRequest);
    const settings = await parts.settings.read(request.project);
    assertRule(request.rule, settings);
    return c.json(await preview(toReader(parts.store, c), request, settings));
  });
}

async function preview(
  reader: Reader,
  request: AlertPreviewRequest,
  settings: AlertSettings,
): Promise<AlertPreview> {
  const { rule, project } = request;
  const range = toRange(request);
  const warnings = warningsOf(rule, toContext(settings));
  const known = { unit: unitOf(rule.metric, rule.aggregation), yaml: toYaml(rule, project) };
  const timed = toTimedRule(rule);
  const tried = toTried(timed, range);
  const isOfRuns = sourceOf(rule.metric) !== null;
  const input = isOfRuns
    ? await readHistory(reader, project, tried, range)
    : await readStoredHistory(reader, settings, tried, range);
  if (input === null) {
    const sentence = `metric: ${rule.metric} is of no runs, and no evaluation of it is stored in this range: there is no past to try the rule on.`;
    return { ...nothing, ...known, warnings: [sentence, ...warnings] };
  }
  const found = await backtest(tried, input);
  // What follows cannot be cut, and takes as long as a turn may.
  await setImmediate();
  const { episodes, firingMinutes, messageCount } = found;
  const messagesPerDay = messageCount / ((range.toMs - range.fromMs) / dayMs);
  const counts = { firingMinutes, messageCount, messagesPerDay };
  const sparse =
    tried.intervalMs > timed.intervalMs
      ? [`The range is long: the rule was tried every ${tried.intervalMs / 1_000} s only.`]
      : [];
  return {
    ...known,
    ...toPreviewSeries(input.series, found, { rule, stepMs: tried.intervalMs }),
    ...counts,
    episodes: episodes.slice(-mostEpisodes),
    episodeCount: episodes.length,
    warnings: [
      ...(isOfRuns ? [] : [describeStored(rule, input)]),
      ...toWarnings(found, input, messagesPerDay),
      ...sparse,
      ...warnings,
    ],
  };
}

function describeStored({ metric }: AlertRule, { series: { timesMs } }: BacktestInput): string {
  const since = new Date(timesMs[0] ?? 0).toISOString();
  const count = timesMs.length === 1 ? 'one evaluation' : `${timesMs.length} evaluations`;
  return `metric: ${metric} is of no runs: the rule was tried on ${count} that were stored since ${since}.`;
}

const nothing = {
  stepSeconds: 0,
  timesMs: [],
  series: [],
  otherSeries: 0,
  episodes: [],
  episodeCount: 0,
  firingMinutes: 0,
  messageCount: 0,
  messagesPerDay: 0,
};

function toRange(request: AlertPreviewRequest): Range {
  const { from, to } = readRange(request);
  const range = { fromMs: Number(from / 1_000_000n), toMs: Number(to / 1_000_000n) };
  if (range.toMs - range.fromMs <= longestMs) return range;
  throw new ApiFailure('invalid_request', 'from: choose a range of 30 days at most.');
}

function toWarnings(
  { judgedCount, unsureCount, overflow }: Backtest,
  { series }: BacktestInput,
  messagesPerDay: number,
): string[] {
  const isEmpty = series.groups.every(({ samples }) => samples.every((count) => count === 0));
  if (isEmpty) {
    return ['Nothing matched in this range. Check the filter, or whether this was sent at all.'];
  }
  return [
    ...(judgedCount > 0 && unsureCount === judgedCount
      ? [
          'There was never enough to judge by: lower minSamples, choose a longer window, or wait until the past is known.',
        ]
      : []),
    ...(messagesPerDay > manyMessages
      ? [
          `That is ${Math.round(messagesPerDay)} messages a day: choose a threshold further out, or a longer time to wait.`,
        ]
      : []),
    ...(overflow > 0
      ? [`Up to ${overflow} groups were too many to watch: narrow the filter, or group by less.`]
      : []),
  ];
}
