/** What a preview is drawn as. */
import type { AlertPreview, AlertRule } from 'orchescope/contract';
import type { ChartBand, ChartSeries } from '../../ui/chart/chart-types.ts';
import { unitOf } from '../rules/rule-words.ts';

export type PreviewChart = {
  readonly unit: string;
  readonly series: readonly ChartSeries[];
  /** A line that never moves; null when there is none, or when it moves. */
  readonly threshold: number | null;
  readonly target: number | null;
  readonly bands: readonly ChartBand[];
};

/** Of the rule as it is written now, and of the newest answer, which may be of the rule before. */
export function toPreviewChart(preview: AlertPreview, rule: AlertRule): PreviewChart {
  const { condition } = rule;
  const isAbsence = condition.type === 'absence';
  const isSameUnit = preview.unit === unitOf(rule);
  const flat = condition.type === 'threshold' && isSameUnit;
  const judgedOnly = leavesOut(preview, rule);
  const values = preview.series.map((one): ChartSeries => ({
    key: `group ${one.group}`,
    label: one.group === '' ? (isAbsence ? 'samples' : 'value') : one.group,
    // Whether something arrives has no value but how much.
    values: isAbsence ? one.samples : judgedOnly ? judged(one, rule) : one.value,
    look: 'plain',
  }));
  return {
    unit: isAbsence ? 'count' : preview.unit,
    series: condition.type === 'threshold' ? values : [...values, ...movingThreshold(preview)],
    threshold: flat ? condition.alert : null,
    target: flat ? condition.target : null,
    bands: toBands(preview),
  };
}

/**
 * One call of one that failed is 100 %, and is not judged: it would push what is judged to the bottom of the chart. Where
 * nothing is judged at all, what there is says more than an empty chart.
 */
export function leavesOut({ series }: AlertPreview, { minSamples }: AlertRule): boolean {
  const has = (test: (samples: number) => boolean): boolean =>
    series.some(({ samples }) => samples.some((count) => count > 0 && test(count)));
  return has((count) => count < minSamples) && has((count) => count >= minSamples);
}

function judged(
  { value, samples }: AlertPreview['series'][number],
  { minSamples }: AlertRule,
): (number | null)[] {
  return value.map((one, at) => ((samples[at] ?? 0) < minSamples ? null : one));
}

/** That of the worst group: each has one of its own, and all of them would be a thicket. */
function movingThreshold({ series, timesMs }: AlertPreview): ChartSeries[] {
  const worst = series[0];
  if (worst === undefined || worst.threshold.every((value) => value === null)) return [];
  const [only = null] = worst.threshold;
  return [
    {
      key: 'threshold',
      label: worst.group === '' ? 'threshold' : `threshold of ${worst.group}`,
      values: worst.threshold.length === 1 ? timesMs.map(() => only) : worst.threshold,
      look: 'threshold',
    },
  ];
}

function toBands({ episodes, timesMs }: AlertPreview): ChartBand[] {
  const end = timesMs.at(-1) ?? 0;
  return episodes.map(({ group, startedAtMs, endedAtMs }) => ({
    fromMs: startedAtMs,
    toMs: endedAtMs ?? end,
    label: group === '' ? 'would have fired' : `would have fired: ${group}`,
  }));
}
