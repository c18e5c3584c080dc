import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { alertRule, alertRules, alertRuleStatus, alertTemplates } from '../../contract.ts';
import { defaultRules } from '../default-rules.ts';
import { nothingProvisioned } from '../settings/provisioned.ts';
import { fire, startAlertApi, type AlertApi } from './api.testing.ts';

vi.setConfig({ testTimeout: 30_000 });

const written = {
  id: 'loud',
  title: 'Loud',
  metric: 'error_rate',
  by: 'agent',
  condition: { type: 'threshold', alert: 0.1 },
};
const provided = alertRule.parse({ ...written, id: 'provided' });

let api: AlertApi;
beforeAll(async () => {
  const rules = [{ rule: provided, file: 'rules/team.yaml' }];
  api = await startAlertApi({ ...nothingProvisioned, rules });
});
afterAll(() => api.close());

async function list(project: string) {
  const { body } = await api.ask('GET', `/alerts/rules?project=${project}`);
  return alertRules.parse(body);
}

async function refusal(method: string, path: string, body?: unknown): Promise<string> {
  const answer = await api.ask(method, path, body);
  const { error } = answer.body as { error: { code: string; message: string } };
  return `${answer.status} ${error.code}: ${error.message}`;
}

test('the rules that ship are on before anything was set, and calm', async () => {
  const { rules, lastEvaluatedAtMs } = await list('default');
  expect(rules).toHaveLength(defaultRules.length + 1);
  expect(lastEvaluatedAtMs).toBeNull();
  const status = rules.find(({ rule }) => rule.id === 'agent-latency-p95');
  expect(status).toMatchObject({ origin: 'default', unit: 'ms', state: 'normal', instances: [] });
  expect(status?.strip).toHaveLength(168);
});

test('a rule is made, changed, told of and gone', async () => {
  const woken = api.wokenCount();
  const made = await api.ask('PUT', '/alerts/rules', { project: 'shop', rule: written });
  expect(made.status).toBe(200);
  expect(alertRuleStatus.parse(made.body)).toMatchObject({ origin: 'api', rule: { window: '5m' } });
  const rule = { ...written, window: '1h' };
  await api.ask('PUT', '/alerts/rules', { project: 'shop', rule });
  const one = await api.ask('GET', '/alerts/rules/loud?project=shop');
  expect(alertRuleStatus.parse(one.body)).toMatchObject({
    rule: { window: '1h' },
    changedBy: 'api',
  });
  expect((await list('other')).rules.map((status) => status.rule.id)).not.toContain('loud');
  const gone = await api.ask('DELETE', '/alerts/rules/loud?project=shop');
  expect(gone).toMatchObject({ status: 204, body: null });
  expect(await refusal('GET', '/alerts/rules/loud?project=shop')).toMatch(
    /^404 not_found: There is no rule "loud"/,
  );
  expect(api.wokenCount()).toBe(woken + 3);
});

test('a rule that ships is changed, set back, and not set back twice', async () => {
  const [shipped] = defaultRules;
  const rule = { ...shipped, enabled: false };
  const off = await api.ask('PUT', '/alerts/rules', { project: 'reset', rule });
  expect(off.body).toMatchObject({ origin: 'api', state: 'paused' });
  const path = `/alerts/rules/${shipped?.id}?project=reset`;
  expect((await api.ask('DELETE', path)).status).toBe(204);
  expect((await api.ask('GET', path)).body).toMatchObject({ origin: 'default', rule: shipped });
  expect(await refusal('DELETE', path)).toBe(
    '409 conflict: The rule agent-latency-p95 is shipped and stands as it was shipped. To switch it off, PUT it with "enabled": false.',
  );
});

test('what a file provides is changed there', async () => {
  const sentence =
    '409 conflict: The rule provided is provided by the file rules/team.yaml. Change it there.';
  const change = { project: 'default', rule: provided };
  expect(await refusal('PUT', '/alerts/rules', change)).toBe(sentence);
  expect(await refusal('DELETE', '/alerts/rules/provided')).toBe(sentence);
});

test('what fires is told with its group, until the rule measures something else', async () => {
  const rule = alertRule.parse({ ...written, id: 'fires' });
  await api.ask('PUT', '/alerts/rules', { project: 'fire', rule });
  const startedAtMs = Date.now() - 120_000;
  await fire(api, 'fire', rule, { group: "o'neill", startedAtMs, id: 'e1' });
  const read = async () => (await list('fire')).rules.find((status) => status.rule.id === 'fires');
  const status = await read();
  expect(status).toMatchObject({
    state: 'firing',
    incidentCount: 1,
    lastEvaluatedAtMs: startedAtMs + 60_000,
    instances: [{ group: "o'neill", state: 'firing', incidentId: 'e1', silenced: false }],
  });
  expect(status?.strip.at(-1)).toBeGreaterThan(0);
  await api.ask('PUT', '/alerts/rules', { project: 'fire', rule: { ...rule, window: '1h' } });
  expect(await read()).toMatchObject({ state: 'normal', instances: [] });
});

test('templates are rules that can be sent back as they are', async () => {
  const { body } = await api.ask('GET', '/alerts/templates?project=tried');
  const { templates } = alertTemplates.parse(body);
  expect(templates.some(({ condition }) => condition.type === 'burn_rate')).toBe(true);
  const statuses = await Promise.all(
    templates.map(
      async (rule) => (await api.ask('PUT', '/alerts/rules', { project: 'tried', rule })).status,
    ),
  );
  expect(new Set(statuses)).toEqual(new Set([200]));
});

const wrong: [string, object, string][] = [
  [
    'an unknown metric',
    { metric: 'happiness' },
    '400 invalid_request: rule.metric: Invalid option',
  ],
  [
    'a metric of the prototype',
    { metric: '__proto__' },
    '400 invalid_request: rule.metric: Invalid option',
  ],
  ['an open quote', { filter: 'agent:"x' }, '400 invalid_filter: Close the quote.'],
  [
    'a field of the prototype',
    { filter: 'constructor:x' },
    '400 invalid_filter: There is no field constructor.',
  ],
  ['a long filter', { filter: 'a'.repeat(10_000) }, '400 invalid_request: rule.filter: Too big'],
  ['a long title', { title: 'a'.repeat(10_000) }, '400 invalid_request: rule.title: Too big'],
  [
    'an id of the prototype',
    { id: '__proto__' },
    '400 invalid_request: rule.id: Use at most 64 lower-case letters',
  ],
  [
    'a label of the prototype',
    { labels: JSON.parse('{"__proto__":"x"}') as object },
    '400 invalid_request: __proto__: this cannot be the name of anything.',
  ],
  [
    'a label that all objects have',
    { labels: { constructor: 'x' } },
    '400 invalid_request: labels.constructor: ',
  ],
  [
    'a runbook that runs',
    { runbook: 'javascript:alert(1)' },
    '400 invalid_request: rule.runbook: ',
  ],
  ['an unknown key', { colour: 'red' }, '400 invalid_request: rule: Unrecognized key: "colour".'],
  [
    'a window without a unit',
    { window: '5' },
    '400 invalid_request: rule.window: Write a duration such as 30s, 5m, 4h, 7d.',
  ],
  [
    'two mistakes',
    { filter: 'agent:"x', window: '0s' },
    '400 invalid_request: filter: Close the quote. (Characters 7 to 8.) window: choose 10s or more.',
  ],
  [
    'a mute timing that is not there',
    { muteTimings: ['nights'] },
    '400 invalid_request: muteTimings: there is no mute timing "nights". Make it first.',
  ],
];

test.each(wrong)('%s is refused with what to change', async (_, change, sentence) => {
  const answer = await refusal('PUT', '/alerts/rules', {
    project: 'bad',
    rule: { ...written, ...change },
  });
  expect(answer.slice(0, sentence.length)).toBe(sentence);
  expect((await list('bad')).rules.every(({ origin }) => origin !== 'api')).toBe(true);
});

test('a filter that cannot be read says where', async () => {
  const rule = { ...written, filter: 'agent:"x' };
  const { body } = await api.ask('PUT', '/alerts/rules', { project: 'bad', rule });
  expect(body).toMatchObject({ error: { position: { start: 6, end: 8 } } });
});

test('filters with quotes are kept as they were written', async () => {
  const filter = `agent:"o'neill \\"x\\" ; DROP TABLE spans"`;
  const { body } = await api.ask('PUT', '/alerts/rules', {
    project: 'q',
    rule: { ...written, filter },
  });
  expect(body).toMatchObject({ rule: { filter } });
});

test('other methods, bodies that are too large and bodies that are not JSON are refused', async () => {
  expect(await refusal('POST', '/alerts/rules', {})).toBe(
    '405 method_not_allowed: Use GET or PUT; POST is not answered here.',
  );
  expect(await refusal('PUT', '/alerts/rules', '{')).toBe(
    '400 invalid_request: The body is not JSON; send at least {}.',
  );
  expect(await refusal('PUT', '/alerts/rules', `"${'a'.repeat(70_000)}"`)).toBe(
    '400 invalid_request: Send a body of at most 65536 bytes.',
  );
  expect(await refusal('GET', '/alerts/rules?project=')).toBe(
    '400 invalid_request: project: write at least 1 character.',
  );
});

test('nothing failed inside while all this was asked', () => {
  expect(api.failed).toEqual([]);
});
