import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestServer, type TestServer } from '../../app.testing.ts';
import { alertRules, channelList } from '../../contract.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ ORCHESCOPE_ALERTS: 'on' });
}, 60_000);
afterAll(async () => {
  await server.close();
  await server.remove();
});

const json = { 'content-type': 'application/json' };

async function send(method: string, path: string, body: unknown, headers: object = json) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await server.ask(`/api/alerts${path}`, {
    method,
    headers: { ...headers },
    body: text,
  });
  return { status: answer.status, text: answer.text };
}

const rule = {
  id: 'loud',
  title: 'Loud',
  metric: 'error_rate',
  condition: { type: 'threshold', alert: 0.1 },
};
const hook = { name: 'hook', type: 'webhook', url: 'https://93.184.215.14/hook' };
const timing = { name: 'nights', intervals: [{}] };
const silence = { matchers: [{ name: 'rule', value: 'loud' }], duration: '1h', reason: 'x' };

const wrong: [string, string, string, unknown, RegExp][] = [
  [
    'an unknown metric',
    'PUT',
    '/rules',
    { rule: { ...rule, metric: 'joy' } },
    /rule\.metric: Invalid option: expected one of/,
  ],
  [
    'a filter with an open quote',
    'PUT',
    '/rules',
    { rule: { ...rule, filter: 'agent:"' } },
    /Close the quote\./,
  ],
  [
    'a filter that is SQL',
    'PUT',
    '/rules',
    { rule: { ...rule, filter: "a:'; DROP TABLE runs" } },
    /There is no field a\./,
  ],
  [
    'a label that is the prototype',
    'PUT',
    '/rules',
    `{"rule":{"id":"a","title":"a","metric":"cost","condition":{"type":"absence"},"labels":{"__proto__":"x"}}}`,
    /__proto__: this cannot be the name of anything\./,
  ],
  [
    'a body that is the prototype',
    'PUT',
    '/rules',
    '{"__proto__":{"rule":{}}}',
    /rule: Invalid input/,
  ],
  [
    'a value 10,000 long',
    'PUT',
    '/rules',
    { rule: { ...rule, owner: 'x'.repeat(10_000) } },
    /rule\.owner: Too big/,
  ],
  [
    'a body without a type',
    'PUT',
    '/rules',
    { rule },
    /Send JSON, with content-type: application\/json\./,
  ],
  [
    'a zone that does not exist',
    'PUT',
    '/mute-timings',
    { muteTiming: { ...timing, timeZone: 'Moon/Base' } },
    /There is no time zone \\"Moon\/Base\\"/,
  ],
  [
    'a template that loops',
    'PUT',
    '/channels',
    { channel: { ...hook, bodyTemplate: '{% for i in (1..999999999) %}x{% endfor %}' } },
    /.+/,
  ],
  [
    'a channel to this very server',
    'PUT',
    '/channels',
    { channel: { ...hook, url: 'http://localhost/api/alerts/rules' } },
    /is not a public address/,
  ],
  [
    'a channel to the metadata of a cloud',
    'POST',
    '/channels/test',
    { channel: { ...hook, url: 'http://169.254.169.254/' } },
    /is not a public address/,
  ],
  [
    'a silence for ever',
    'POST',
    '/silences',
    { ...silence, duration: '999999d' },
    /duration: choose from 1s to 30d/,
  ],
  [
    'a preview of a year',
    'POST',
    '/preview',
    { rule, from: 'now-365d' },
    /from: choose a range of 30 days at most\./,
  ],
];

test.each(wrong)(
  '%s is answered with what to change',
  async (what, method, path, body, sentence) => {
    const headers = what === 'a body without a type' ? {} : json;
    const { status, text } = await send(method, path, body, headers);
    expect([status, text]).toEqual([400, expect.stringMatching(sentence)]);
  },
);

test('a rule that matches nothing is kept, and says so before', async () => {
  const nothing = { ...rule, filter: 'workflow:"nobody\'s"', by: 'agent' };
  const { status, text } = await send('POST', '/preview', { rule: nothing });
  expect([status, text]).toEqual([200, expect.stringContaining('Nothing matched in this range.')]);
  expect((await send('PUT', '/rules', { rule: nothing })).status).toBe(200);
  const { rules } = alertRules.parse(await server.read('/api/alerts/rules'));
  expect(rules.find((status) => status.rule.id === 'loud')).toMatchObject({ origin: 'api' });
});

test('a secret is in no answer and in no line of the log', async () => {
  const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
  expect((await send('PUT', '/channels', { channel: { ...hook, secret } })).status).toBe(200);
  const read = await server.read('/api/alerts/channels');
  expect(channelList.parse(read).channels).toMatchObject([{ hasSecret: true }]);
  expect(JSON.stringify(read)).not.toContain(secret);
  expect(server.logged.join('\n')).not.toContain(secret);
});

test('what is not there is said so', async () => {
  const nowhere = await server.ask('/api/alerts/nowhere');
  expect([nowhere.status, nowhere.text]).toEqual([404, expect.stringContaining('not_found')]);
  const method = await server.ask('/api/alerts/rules', { method: 'PATCH' });
  expect([method.status, method.headers.allow]).toEqual([405, 'GET, PUT, HEAD']);
});

test('nothing of it was the failure of the server', () => {
  const failures = server.logged.filter((line) => / failed|"level":"error"/.test(line));
  expect(failures).toEqual([]);
});
