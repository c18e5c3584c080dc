import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { alertPreview, alertRule, type AlertPreview } from '../../contract.ts';
import type { Run } from '../../run.ts';
import { oneRun } from '../../runs.testing.ts';
import { writeEvaluations, type Evaluation } from '../../store/alert-log.ts';
import { writeRuns } from '../../store/write-runs.ts';
import { hashOfRule } from '../settings/hash-of-rule.ts';
import { startAlertApi, type AlertApi } from './api.testing.ts';

vi.setConfig({ testTimeout: 60_000 });

const minuteMs = 60_000;
const dayMs = 86_400_000;
const nowMs = Math.floor(Date.now() / minuteMs) * minuteMs;

let api: AlertApi;
beforeAll(async () => {
  api = await startAlertApi();
  // A run a minute for two days, and for one hour of them all fail.
  const runs = Array.from({ length: 2_880 }, (_, at) => toRun(at));
  const kept = runs.map((run) => ({ run, retentionDays: 0 }));
  await writeRuns(api.opened.store.client, kept, 1);
});
afterAll(() => api.close());

function toRun(at: number): Run {
  const endMs = nowMs - at * minuteMs - 30_000;
  const endUnixNano = BigInt(endMs) * 1_000_000n;
  const startUnixNano = endUnixNano - 1_000_000_000n;
  const failed = at >= 600 && at < 660;
  const call = { agent: 'planner', startUnixNano, durationNs: 1_000_000_000, failed };
  return {
    ...oneRun,
    projectId: 'shop',
    runId: `run-${at}`,
    workflow: 'refund',
    agents: ['planner'],
    startUnixNano,
    endUnixNano,
    lastActivityUnixNano: endUnixNano,
    agentCalls: [call as Run['agentCalls'][number]],
  };
}

const rule = {
  id: 'failing',
  title: 'Agents fail',
  metric: 'error_rate',
  by: 'agent',
  window: '10m',
  condition: { type: 'threshold', alert: 0.5 },
};

async function preview(change: object, range: object = {}): Promise<AlertPreview> {
  const body = { project: 'shop', rule: { ...rule, ...change }, ...range };
  const answer = await api.ask('POST', '/alerts/preview', body);
  expect([answer.status, answer.status === 200 ? '' : answer.body]).toEqual([200, '']);
  return alertPreview.parse(answer.body);
}

test('a rule is tried on the last seven days, by the steps that it would be evaluated with', async () => {
  const found = await preview({});
  expect(found).toMatchObject({ unit: 'share', episodeCount: 1, otherSeries: 0 });
  const [episode] = found.episodes;
  expect(episode).toMatchObject({ group: 'planner', worst: 1 });
  const lengthMs = (episode?.endedAtMs ?? 0) - (episode?.startedAtMs ?? 0);
  expect(lengthMs).toBeGreaterThan(60 * minuteMs);
  expect(lengthMs).toBeLessThan(80 * minuteMs);
  expect(found.firingMinutes).toBe(lengthMs / minuteMs);
  expect(found.messageCount).toBe(2);
  expect(found.messagesPerDay).toBeCloseTo(2 / 7);
});

test('its lines are few enough to draw, and none of their peaks is lost', async () => {
  const { timesMs, stepSeconds, series } = await preview({});
  const [line] = series;
  expect(timesMs.length).toBeLessThanOrEqual(2_016);
  expect((timesMs[1] ?? 0) - (timesMs[0] ?? 0)).toBe(stepSeconds * 1_000);
  expect([line?.value.length, line?.samples.length]).toEqual([timesMs.length, timesMs.length]);
  expect(Math.max(...(line?.value ?? []).map((value) => value ?? 0))).toBe(1);
  expect(line?.threshold).toEqual([0.5]);
});

test('it is told what is odd about it, and shown as a file', async () => {
  const { warnings, yaml } = await preview({});
  expect(warnings).toEqual(['channels: there is no channel yet, so nobody is told.']);
  expect(yaml).toBe(`apiVersion: orchescope/alerts/v1
project: shop
rules:
  - id: failing
    title: Agents fail
    metric: error_rate
    by: agent
    window: 10m
    condition:
      type: threshold
      alert: 0.5
`);
  const none = await preview({ filter: 'workflow:"o\'neill"' });
  expect(none.warnings[0]).toMatch(/^Nothing matched in this range\./);
  expect(none).toMatchObject({ series: [], episodeCount: 0 });
  const unsure = await preview({ minSamples: 1_000 });
  expect(unsure.warnings[0]).toMatch(/^There was never enough to judge by/);
  const platform = await preview({ metric: 'unpriced_share', by: 'none' });
  expect(platform.warnings[0]).toMatch(/^metric: unpriced_share is of no runs, and no evaluation/);
});

test('a rule against its own past, and one that burns a budget, are tried too', async () => {
  const ratio = { type: 'ratio', alert: 2, over: '1d', minHours: 2 };
  const calls = { metric: 'agent_calls', condition: ratio };
  expect((await preview(calls, { from: 'now-1d' })).episodeCount).toBe(0);
  const burn = {
    type: 'burn_rate',
    objective: 0.9,
    pairs: [{ long: '1h', short: '5m', factor: 5 }],
  };
  expect((await preview({ condition: burn })).episodeCount).toBe(1);
  const seasonal = { type: 'seasonal', deviations: 3, floor: 0.1 };
  expect((await preview({ condition: seasonal }, { from: 'now-1d' })).episodeCount).toBe(1);
});

test('a long range is tried at fewer times, and says so', async () => {
  const from = new Date(nowMs - 29 * dayMs).toISOString();
  const { warnings, episodeCount } = await preview({}, { from });
  expect(episodeCount).toBe(1);
  expect(warnings).toContain('The range is long: the rule was tried every 300 s only.');
});

test('a rule of no runs is tried on what its evaluations stored, also with another threshold', async () => {
  const stored = alertRule.parse({
    id: 'prices',
    title: 'No prices',
    metric: 'unpriced_share',
    window: '15m',
    keepFiring: '0s',
    condition: { type: 'threshold', alert: 0.5 },
  });
  const put = { project: 'shop', rule: stored };
  expect((await api.ask('PUT', '/alerts/rules', put)).status).toBe(200);
  const evaluationAt = (minute: number): Evaluation => ({
    projectId: 'shop',
    ruleId: 'prices',
    evalAtMs: nowMs - minute * minuteMs,
    term: 1,
    ruleHash: hashOfRule(stored),
    state: 'normal',
    groupCount: 1,
    firingCount: 0,
    overflow: 0,
    worstGroup: '',
    worstValue: minute >= 20 && minute < 30 ? 0.3 : 0.1,
    threshold: 0.5,
    samples: 9,
    error: '',
    ruleState: null,
    events: [],
    deliveries: [],
  });
  const evaluations = Array.from({ length: 120 }, (_, at) => evaluationAt(at + 1));
  await writeEvaluations(api.opened.store.client, evaluations, 'stored');
  const found = await preview(stored);
  expect(found.warnings[0]).toBe(
    `metric: unpriced_share is of no runs: the rule was tried on 120 evaluations that were stored since ${new Date(nowMs - 120 * minuteMs).toISOString()}.`,
  );
  expect([found.episodeCount, found.timesMs.length]).toEqual([0, 120]);
  const lower = { ...stored, condition: { type: 'threshold', alert: 0.2 } };
  expect(await preview(lower)).toMatchObject({ episodeCount: 1, firingMinutes: 10 });
  const other = { ...lower, id: 'prices-too' };
  expect(await preview(other)).toMatchObject({ episodeCount: 1 });
  // Shares of another window are other shares.
  expect(await preview({ ...other, window: '1h' })).toMatchObject({ timesMs: [] });
});

const wrong: [string, object, RegExp][] = [
  [
    'a rule that makes no sense',
    { rule: { ...rule, window: '0s' } },
    /^window: choose 10s or more\.$/,
  ],
  ['a range too long', { rule, from: 'now-60d' }, /^from: choose a range of 30 days at most\.$/],
  [
    'a range that ends first',
    { rule, from: 'now', to: 'now-1d' },
    /^from: choose a time before to\.$/,
  ],
  [
    'a filter with an open quote',
    { rule: { ...rule, filter: '"' } },
    /^(Close the quote|Write something)/,
  ],
];

test.each(wrong)('%s is refused', async (_, change, sentence) => {
  const { status, body } = await api.ask('POST', '/alerts/preview', { project: 'shop', ...change });
  expect(status).toBe(400);
  expect((body as { error: { message: string } }).error.message).toMatch(sentence);
});

test('nothing is kept of it, and nothing failed inside', async () => {
  const { body } = await api.ask('GET', '/alerts/rules/failing?project=shop');
  expect(body).toMatchObject({ error: { code: 'not_found' } });
  expect(api.failed).toEqual([]);
});
