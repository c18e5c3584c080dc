import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { alertRule, incidentDetail, type AlertRule, type IncidentDetail } from '../../contract.ts';
import type { Run } from '../../run.ts';
import { oneRun } from '../../runs.testing.ts';
import { writeEvaluations } from '../../store/alert-log.ts';
import { writeRuns } from '../../store/write-runs.ts';
import { fire, startAlertApi, type AlertApi } from './api.testing.ts';

vi.setConfig({ testTimeout: 60_000 });

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const nowMs = Date.now();
const thisHourMs = Math.floor(nowMs / hourMs) * hourMs;
const startedAtMs = thisHourMs - 6 * hourMs + 20 * minuteMs;

let api: AlertApi;
beforeAll(async () => {
  api = await startAlertApi();
  const runs = Array.from({ length: 40 }, (_, hour) => hour).flatMap(toRuns);
  const kept = runs.map((run) => ({ run, retentionDays: 0 }));
  await writeRuns(api.opened.store.client, kept, 1);
});
afterAll(() => api.close());

/** `hour` hours ago the planner is called 40 - `hour` times: what is usual grows. */
function callsOf(hour: number): number {
  return 40 - hour;
}

function toRuns(hour: number): Run[] {
  return Array.from({ length: callsOf(hour) }, (_, at) => {
    const startUnixNano = BigInt(thisHourMs - hour * hourMs + at * minuteMs) * 1_000_000n;
    const endUnixNano = startUnixNano + 1_000_000_000n;
    const call = { agent: 'planner', startUnixNano, durationNs: 1_000_000_000, failed: false };
    return {
      ...oneRun,
      projectId: 'shop',
      runId: `run-${hour}-${at}`,
      workflow: 'refund',
      agents: ['planner'],
      startUnixNano,
      endUnixNano,
      lastActivityUnixNano: endUnixNano,
      agentCalls: [call as Run['agentCalls'][number]],
    };
  });
}

const toRule = (id: string, condition: object, change: object = {}): AlertRule =>
  alertRule.parse({
    id,
    title: 'Calls',
    metric: 'agent_calls',
    by: 'agent',
    window: '10m',
    interval: '5m',
    condition,
    ...change,
  });

async function put(rule: AlertRule): Promise<void> {
  const answer = await api.ask('PUT', '/alerts/rules', { project: 'shop', rule });
  expect([answer.status, answer.body]).toMatchObject([200, {}]);
}

async function chartOf(rule: AlertRule, group = 'planner'): Promise<IncidentDetail['chart']> {
  await fire(api, 'shop', rule, { group, startedAtMs, id: `of-${rule.id}` });
  const { body } = await api.ask('GET', `/alerts/incidents/of-${rule.id}?project=shop`);
  return incidentDetail.parse(body).chart;
}

/** Twice the median of the hours of the day before that had no incident. */
function doubled(atMs: number): number {
  const untilMs = Math.floor((atMs - 10 * minuteMs) / hourMs) * hourMs;
  const calls = Array.from({ length: 40 }, (_, hour) => hour)
    .filter((hour) => {
      const fromMs = thisHourMs - hour * hourMs;
      const isOpen = fromMs + hourMs > startedAtMs;
      return fromMs + hourMs <= untilMs && fromMs >= untilMs - 24 * hourMs && !isOpen;
    })
    .map(callsOf)
    .toSorted((a, b) => a - b);
  const middle = calls.length / 2;
  return (calls[Math.floor(middle)] ?? 0) + (calls[Math.ceil(middle) - 1] ?? 0);
}

const ratio = { type: 'ratio', alert: 2, over: '1d', minHours: 2 };

test('a threshold that moves with the past is shown as it was at each time', async () => {
  const rule = toRule('moving', ratio);
  await put(rule);
  const { timesMs, threshold, lower, notes } = await chartOf(rule);
  // What the one evaluation that was stored said of its own time is what it was.
  const storedMs = Math.floor((startedAtMs + minuteMs) / (5 * minuteMs)) * 5 * minuteMs;
  expect(threshold).toEqual(timesMs.map((atMs) => (atMs === storedMs ? 0.1 : doubled(atMs))));
  expect(new Set(threshold).size).toBeGreaterThan(2);
  expect([lower, notes]).toEqual([[], []]);
});

test('a band has two edges, which move', async () => {
  const rule = toRule('band', { type: 'seasonal', direction: 'both', deviations: 2 });
  await put(rule);
  const { threshold, lower, value } = await chartOf(rule);
  expect(lower).toHaveLength(value.length);
  expect(new Set(lower).size).toBeGreaterThan(1);
  expect(lower.every((edge, at) => (edge ?? 0) < (threshold[at] ?? 0))).toBe(true);
});

test('where too little of the past is known there is no threshold, and it says so', async () => {
  const rule = toRule('learning', { ...ratio, minHours: 24 * 7, over: '28d' });
  await put(rule);
  const { threshold, notes } = await chartOf(rule);
  expect(new Set(threshold)).toEqual(new Set([null, 0.1]));
  expect(notes).toEqual([
    'Where no threshold is shown too little of the past was known, or is known today.',
  ]);
});

test('of a rule that was changed since it is shown where it was stored', async () => {
  const rule = toRule('changed', ratio);
  await put({ ...rule, window: '20m' });
  const { threshold, value, notes } = await chartOf(rule);
  expect(threshold.filter((one) => one !== null)).toEqual([0.1]);
  expect(value.filter((one) => one !== null).length).toBeGreaterThan(10);
  expect(notes[0]).toMatch(/^The rule was changed since\. /);
});

test('a threshold that is a number is that number', async () => {
  const rule = toRule('fixed', { type: 'threshold', alert: 0.1 });
  await put(rule);
  const { threshold, timesMs, notes } = await chartOf(rule);
  expect(threshold).toEqual(timesMs.map(() => 0.1));
  expect(notes).toEqual([]);
});

test('of a rule that is gone what was stored is shown', async () => {
  const { timesMs, value, threshold, notes } = await chartOf(toRule('gone', ratio));
  expect([value, threshold].map((all) => all.filter((one) => one !== null))).toEqual([
    [0.3],
    [0.1],
  ]);
  expect(timesMs).toHaveLength(value.length);
  expect(notes[0]).toMatch(/^The rule is gone\. Shown is what was stored/);
});

test('what is of no runs is shown as it was stored, evaluation by evaluation', async () => {
  const rule = toRule(
    'full',
    { type: 'threshold', alert: 0.1 },
    { metric: 'unpriced_share', by: 'none' },
  );
  await put(rule);
  const rows = [5, 10, 15].map((minutes) => ({
    evalAtMs: startedAtMs + minutes * minuteMs,
    worstValue: minutes,
    projectId: 'shop',
    ruleId: rule.id,
    term: 1,
    ruleHash: 'any',
    state: 'normal' as const,
    groupCount: 1,
    firingCount: 0,
    overflow: 0,
    worstGroup: '',
    threshold: 0.1,
    samples: 1,
    error: '',
    ruleState: null,
    events: [],
    deliveries: [],
  }));
  await writeEvaluations(api.opened.store.client, rows, 'full');
  const { value, threshold, notes } = await chartOf(rule, '');
  expect(value.filter((one) => one !== null)).toEqual([0.3, 5, 10, 15]);
  expect(threshold.filter((one) => one !== null)).toEqual([0.1, 0.1, 0.1, 0.1]);
  expect(notes).toEqual([]);
});

test('nothing failed inside while all this was asked', () => {
  expect(api.failed).toEqual([]);
});
