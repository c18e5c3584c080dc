import { expect, test } from 'vitest';
import type { AlertPreview } from 'orchescope/contract';
import { toPreviewChart } from './preview-chart.ts';
import { emptyRule, startCondition } from './rule-draft.ts';

const preview: AlertPreview = {
  unit: 'share',
  stepSeconds: 60,
  timesMs: [1000, 2000, 3000],
  series: [
    { group: 'a', value: [0.1, null, 0.3], threshold: [0.1], samples: [5, 0, 6] },
    { group: 'b', value: [0, 0, 0], threshold: [0.1], samples: [1, 1, 1] },
  ],
  otherSeries: 0,
  episodes: [{ group: 'a', startedAtMs: 3000, endedAtMs: null, worst: 0.3 }],
  episodeCount: 1,
  firingMinutes: 0,
  messageCount: 1,
  messagesPerDay: 0.1,
  warnings: [],
  yaml: '',
};
const byAgent = { ...emptyRule, by: 'agent' as const, minSamples: 1 };

test('the line is that of the rule as it is written, not that of the answer', () => {
  const moved = { ...byAgent, condition: { ...startCondition('threshold', byAgent), alert: 0.2 } };
  const chart = toPreviewChart(preview, moved as typeof byAgent);
  expect(chart.threshold).toBe(0.2);
  expect(chart.series.map(({ label, values }) => [label, values])).toEqual([
    ['a', [0.1, null, 0.3]],
    ['b', [0, 0, 0]],
  ]);
  expect(chart.bands).toEqual([{ fromMs: 3000, toMs: 3000, label: 'would have fired: a' }]);
});

test('an answer in another unit has no line of this rule', () => {
  const latency = { ...byAgent, metric: 'agent_latency' as const };
  expect(toPreviewChart(preview, latency).threshold).toBeNull();
});

test('a threshold that moves is a series, that of the worst group', () => {
  const ratio = { ...byAgent, condition: startCondition('ratio', byAgent) };
  const [one] = preview.series;
  const rising = { group: 'a', value: [], samples: [], ...one, threshold: [null, 0.2, 0.4] };
  const moving = { ...preview, series: [rising] };
  expect(toPreviewChart(moving, ratio)).toMatchObject({
    threshold: null,
    series: [{ label: 'a' }, { values: [null, 0.2, 0.4], look: 'threshold' }],
  });
  expect(toPreviewChart(preview, ratio).series.at(-1)?.values).toEqual([0.1, 0.1, 0.1]);
});

test('where nothing arriving fires, what arrives is drawn', () => {
  const absence = { ...byAgent, condition: startCondition('absence', byAgent) };
  const [one] = preview.series;
  const none = { group: '', value: [null], threshold: [null], samples: one?.samples ?? [] };
  expect(toPreviewChart({ ...preview, series: [none] }, absence)).toMatchObject({
    unit: 'count',
    series: [{ label: 'samples', values: [5, 0, 6] }],
  });
});

test('what is not judged is not drawn, unless nothing is judged', () => {
  const drawn = (minSamples: number) =>
    toPreviewChart(preview, { ...byAgent, minSamples }).series.map(({ values }) => values);
  expect(drawn(6)).toEqual([
    [null, null, 0.3],
    [null, null, null],
  ]);
  expect(drawn(100)).toEqual([
    [0.1, null, 0.3],
    [0, 0, 0],
  ]);
});
