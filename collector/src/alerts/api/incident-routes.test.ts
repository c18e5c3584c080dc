import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import {
  alertRule,
  alertSummary,
  incident,
  incidentDetail,
  incidentList,
  muteTimings,
  silence,
  silenceList,
} from '../../contract.ts';
import { oneRun } from '../../runs.testing.ts';
import { writeRuns } from '../../store/write-runs.ts';
import { fire, startAlertApi, type AlertApi } from './api.testing.ts';

vi.setConfig({ testTimeout: 30_000 });

const rule = alertRule.parse({
  id: 'failing',
  title: 'Agents fail',
  metric: 'error_rate',
  by: 'agent',
  severity: 'critical',
  labels: { team: 'a' },
  condition: { type: 'threshold', alert: 0.1, target: 0.02 },
});
const startedAtMs = Math.floor(Date.now() / 60_000) * 60_000 - 300_000;
const group = `o'neill "x" \\`;

let api: AlertApi;
beforeAll(async () => {
  api = await startAlertApi();
  const project = 'shop';
  await api.ask('PUT', '/alerts/rules', { project, rule });
  const runs = Array.from({ length: 8 }, (_, at) => ({ run: toRun(at), retentionDays: 0 }));
  await writeRuns(api.opened.store.client, runs, 1);
  await fire(api, project, rule, { group, startedAtMs, id: 'e1' });
});
afterAll(() => api.close());

/** Whatever fails uses a tool that the others do not. */
function toRun(at: number): typeof oneRun {
  const failed = at < 4;
  const agent = failed ? group : 'other';
  const startUnixNano = BigInt(startedAtMs - 120_000 + at) * 1_000_000n;
  const endUnixNano = startUnixNano + 1_000_000_000n;
  const call = { agent, startUnixNano, durationNs: 500_000_000, failed };
  return {
    ...oneRun,
    projectId: 'shop',
    runId: `run-${at}`,
    startUnixNano,
    endUnixNano,
    lastActivityUnixNano: endUnixNano,
    agents: [agent],
    tools: failed ? ['search'] : [],
    agentCalls: [call as (typeof oneRun)['agentCalls'][number]],
  };
}

async function refusal(method: string, path: string, body?: unknown): Promise<string> {
  const answer = await api.ask(method, path, body);
  const { error } = answer.body as { error: { code: string; message: string } };
  return `${answer.status} ${error.code}: ${error.message}`;
}

test('what fires is in the list, in the summary of every page, and in no other project', async () => {
  const { body } = await api.ask('GET', '/alerts/incidents?project=shop&state=open');
  const { incidents, openCount, otherCount } = incidentList.parse(body);
  expect([incidents.length, openCount, otherCount]).toEqual([1, 1, 0]);
  expect(incidents[0]).toMatchObject({ id: 'e1', group, severity: 'critical', state: 'firing' });
  const summary = await api.ask('GET', '/alerts/summary?project=shop');
  expect(alertSummary.parse(summary.body)).toEqual({
    openCount: 1,
    severity: 'critical',
    incidents: [{ id: 'e1', title: 'Agents fail', group, severity: 'critical' }],
    lastEvaluatedAtMs: startedAtMs + 60_000,
    deadLetters: 0,
  });
  const other = await api.ask('GET', '/alerts/summary?project=other');
  expect(alertSummary.parse(other.body)).toMatchObject({ openCount: 0, severity: null });
});

test('one incident is told with its rule, its runs and its chart', async () => {
  const { body } = await api.ask('GET', '/alerts/incidents/e1?project=shop');
  const detail = incidentDetail.parse(body);
  expect(detail.rule).toEqual(rule);
  expect(detail.events.map(({ kind }) => kind)).toEqual(['firing']);
  expect(detail.runsFilter).toBe(String.raw`agent:"o'neill \"x\" \\"`);
  expect(detail.exemplars.map(({ runId }) => runId)).toEqual(['run-3', 'run-2', 'run-1', 'run-0']);
  expect(detail.exemplars[0]).toMatchObject({ value: 1 });
  expect(detail.differing).toEqual([{ field: 'tool', value: 'search', inside: 1, outside: 0 }]);
  const { timesMs, value, threshold } = detail.chart;
  expect([value.length, threshold.length]).toEqual([timesMs.length, timesMs.length]);
  expect(value).toContain(1);
  expect(new Set(threshold)).toEqual(new Set([0.1]));
});

test('who looks after an incident is told, and the first to say so stands', async () => {
  const path = '/alerts/incidents/e1/acknowledge';
  const first = await api.ask('POST', path, { project: 'shop', by: 'ada' });
  expect(incident.parse(first.body)).toMatchObject({ acknowledgedBy: 'ada', state: 'firing' });
  const second = await api.ask('POST', path, { project: 'shop', by: 'bob' });
  expect(second.body).toMatchObject({ acknowledgedBy: 'ada' });
  const { body } = await api.ask('GET', '/alerts/incidents/e1?project=shop');
  const events = incidentDetail.parse(body).events.filter(({ kind }) => kind === 'acknowledged');
  expect(events).toMatchObject([{ by: 'ada' }]);
});

test('an incident that is not there is said so, whatever its name', async () => {
  for (const id of ['none', '__proto__', 'a'.repeat(10_000), `'; DROP TABLE spans --`]) {
    const path = `/alerts/incidents/${encodeURIComponent(id)}`;
    expect(await refusal('GET', `${path}?project=shop`)).toMatch(
      /^404 not_found: There is no such/,
    );
    expect(await refusal('POST', `${path}/resolve`, { project: 'shop' })).toMatch(/^404 not_found/);
  }
});

const request = {
  project: 'shop',
  matchers: [{ name: 'team', value: 'a' }],
  duration: '1h',
  author: 'ada',
  reason: 'We know.',
};

test('a silence says what it holds back, and ends when it is asked to', async () => {
  const { matchers } = request;
  const counted = await api.ask('POST', '/alerts/silences/matches', { project: 'shop', matchers });
  expect(counted.body).toEqual({ matches: 1 });
  const made = await api.ask('POST', '/alerts/silences', request);
  expect(made.status).toBe(201);
  const { id, startsAtMs, endsAtMs } = silence.parse(made.body);
  expect(made.body).toMatchObject({ state: 'active', matches: 1, author: 'ada' });
  expect(endsAtMs - startsAtMs).toBe(3_600_000);
  const rules = await api.ask('GET', '/alerts/rules/failing?project=shop');
  expect(rules.body).toMatchObject({ instances: [{ silenced: true }] });
  const path = `/alerts/silences/${id}?project=shop`;
  for (const _ of ['once', 'and again']) expect((await api.ask('DELETE', path)).status).toBe(204);
  const { body } = await api.ask('GET', '/alerts/silences?project=shop');
  expect(silenceList.parse(body).silences).toMatchObject([{ id, state: 'over', matches: 0 }]);
});

const wrong: [string, object, string][] = [
  ['for too long', { duration: '31d' }, 'duration: choose from 1s to 30d; make another one then.'],
  ['for no time', { duration: '0s' }, 'duration: choose from 1s to 30d; make another one then.'],
  [
    'that is over',
    { startsAt: '2020-01-01T00:00:00Z' },
    'startsAt: this silence would be over already.',
  ],
  ['in far years', { startsAt: '2999-01-01T00:00:00Z' }, 'startsAt: choose a time within a year.'],
  ['of nothing', { matchers: [] }, 'matchers: Name at least one thing to silence.'],
  ['without a reason', { reason: '' }, 'reason: Say why, for whoever finds it.'],
  [
    'of 10,000 letters',
    { matchers: [{ name: 'rule', value: 'a'.repeat(10_000) }] },
    'matchers.0.value: Too big',
  ],
];

test.each(wrong)('a silence %s is refused with what to change', async (_, change, sentence) => {
  const answer = await refusal('POST', '/alerts/silences', { ...request, ...change });
  const whole = `400 invalid_request: ${sentence}`;
  expect(answer.slice(0, whole.length)).toBe(whole);
});

test('a label that nobody has matches nothing, not even that of the prototype', async () => {
  const matchers = [{ name: 'constructor', operator: '!=', value: '' }];
  const counted = await api.ask('POST', '/alerts/silences/matches', { project: 'shop', matchers });
  expect(counted.body).toEqual({ matches: 0 });
});

test('mute timings are kept, used and gone', async () => {
  const muteTiming = {
    name: 'nights',
    timeZone: 'Europe/Berlin',
    intervals: [{ from: '22:00', to: '06:00' }],
  };
  const made = await api.ask('PUT', '/alerts/mute-timings', { project: 'shop', muteTiming });
  expect(muteTimings.parse(made.body).muteTimings).toMatchObject([{ name: 'nights' }]);
  const used = { ...rule, id: 'used', muteTimings: ['nights'] };
  expect((await api.ask('PUT', '/alerts/rules', { project: 'shop', rule: used })).status).toBe(200);
  const path = '/alerts/mute-timings/nights?project=shop';
  expect(await refusal('DELETE', path)).toBe(
    '409 conflict: The mute timing nights is used by used. Take it out of them first.',
  );
  await api.ask('DELETE', '/alerts/rules/used?project=shop');
  expect((await api.ask('DELETE', path)).status).toBe(204);
  expect(await refusal('DELETE', path)).toMatch(/^404 not_found: There is no such mute timing/);
});

const wrongTimings: [string, object, RegExp][] = [
  [
    'a zone that does not exist',
    { timeZone: 'Mars/Olympus' },
    /^400 invalid_request: timeZone: There is no time zone "Mars\/Olympus"/,
  ],
  [
    'a zone of the prototype',
    { timeZone: '__proto__' },
    /^400 invalid_request: timeZone: There is no time zone/,
  ],
  [
    'no time',
    { intervals: [{ from: '10:00', to: '10:00' }] },
    /^400 invalid_request: intervals\.0\.to: this lasts no time/,
  ],
  ['the day 0', { intervals: [{ days: [0] }] }, /^400 invalid_request: intervals\.0\.days: /],
  [
    '25 hours',
    { intervals: [{ to: '25:00' }] },
    /^400 invalid_request: muteTiming\.intervals\.0\.to: Write a time such as 22:00\./,
  ],
];

test.each(wrongTimings)('a mute timing with %s is refused', async (_, change, sentence) => {
  const muteTiming = { name: 'bad', intervals: [{}], ...change };
  expect(await refusal('PUT', '/alerts/mute-timings', { project: 'shop', muteTiming })).toMatch(
    sentence,
  );
});

test('an incident that somebody resolved says so', async () => {
  await api.ask('POST', '/alerts/incidents/e1/resolve', { project: 'shop', by: 'ada' });
  const { body } = await api.ask('GET', '/alerts/incidents/e1?project=shop');
  expect(incidentDetail.parse(body).events.at(-1)).toMatchObject({ kind: 'resolved', by: 'ada' });
});

test('nothing failed inside while all this was asked', () => {
  expect(api.failed).toEqual([]);
});
