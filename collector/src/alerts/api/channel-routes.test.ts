import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { alertChannel, channelList, channelTest } from '../../contract.ts';
import { startSink, type Sink } from '../channels/sink.testing.ts';
import { nothingProvisioned } from '../settings/provisioned.ts';
import { startAlertApi, type AlertApi } from './api.testing.ts';

vi.setConfig({ testTimeout: 30_000 });

const provided = alertChannel.parse({
  name: 'team',
  type: 'webhook',
  url: 'https://x.example.com/',
});

let api: AlertApi;
let sink: Sink;
beforeAll(async () => {
  sink = await startSink();
  const file = 'channels/team.yaml';
  const channels = [{ channel: provided, sealedSecret: '', secretHost: '', file }];
  api = await startAlertApi({ ...nothingProvisioned, channels }, [`127.0.0.1:${sink.port}`]);
});
afterAll(async () => {
  await api.close();
  await sink[Symbol.asyncDispose]();
});

const secret = `whsec_${randomBytes(32).toString('base64')}`;
const hook = () => ({
  name: 'hook',
  type: 'webhook',
  url: `http://127.0.0.1:${sink.port}/in`,
  secret,
});

async function put(project: string, channel: object): Promise<string> {
  const { status, body } = await api.ask('PUT', '/alerts/channels', { project, channel });
  if (status === 200) return 'ok';
  return `${status} ${(body as { error: { message: string } }).error.message}`;
}

async function list(project: string) {
  const { body } = await api.ask('GET', `/alerts/channels?project=${project}`);
  return channelList.parse(body).channels;
}

test('a secret comes in and never out', async () => {
  expect(await put('a', hook())).toBe('ok');
  const [channel] = await list('a');
  expect(channel).toMatchObject({
    origin: 'api',
    hasSecret: true,
    secretHost: `127.0.0.1:${sink.port}`,
    channel: { name: 'hook', secret: null },
    waiting: 0,
    dead: 0,
  });
  const { body } = await api.ask('GET', '/alerts/channels?project=a');
  expect(JSON.stringify(body)).not.toContain(secret);
  const stored = await api.opened.store.client.query({
    query: 'SELECT value FROM settings_log',
    format: 'JSONCompactEachRow',
  });
  expect(await stored.text()).not.toContain(secret.slice('whsec_'.length));
});

test('a channel that is changed keeps its secret while it stays with its host', async () => {
  await put('keep', hook());
  expect(
    await put('keep', { ...hook(), secret: null, url: `http://127.0.0.1:${sink.port}/other` }),
  ).toBe('ok');
  expect((await list('keep'))[0]).toMatchObject({ hasSecret: true });
  expect(await put('keep', { ...hook(), secret: null, url: 'https://evil.example.com/' })).toBe(
    `400 secret: it was set for 127.0.0.1:${sink.port}, and is not sent to evil.example.com:443. Set it again.`,
  );
  expect((await list('keep'))[0]?.channel.url).toBe(`http://127.0.0.1:${sink.port}/other`);
  expect(await put('keep', { ...hook(), secret: '' })).toBe('ok');
  expect((await list('keep'))[0]).toMatchObject({ hasSecret: false, secretHost: '' });
});

test('a test goes out signed with the stored secret, and as it is written', async () => {
  await put('try', hook());
  const before = sink.requests.length;
  const stored = await api.ask('POST', '/alerts/channels/hook/test', { project: 'try' });
  expect(channelTest.parse(stored.body)).toMatchObject({
    delivered: true,
    status: 200,
    message: '',
  });
  const channel = { ...hook(), secret: null };
  const written = await api.ask('POST', '/alerts/channels/test', { project: 'try', channel });
  expect(channelTest.parse(written.body)).toMatchObject({ delivered: true });
  const sent = sink.requests.slice(before);
  expect(sent.map(({ headers }) => typeof headers['webhook-signature'])).toEqual([
    'string',
    'string',
  ]);
});

test('a test of what nobody keeps leaves nothing behind', async () => {
  const channel = { ...hook(), name: 'draft' };
  await api.ask('POST', '/alerts/channels/test', { project: 'draft', channel });
  expect((await list('draft')).map((one) => one.channel.name)).toEqual(['team']);
  const none = await api.ask('POST', '/alerts/channels/draft/test', { project: 'draft' });
  expect(none.status).toBe(404);
});

test('a channel that rules name stays', async () => {
  await put('used', hook());
  const rule = {
    id: 'r',
    title: 'R',
    metric: 'cost',
    condition: { type: 'threshold', alert: 1 },
    channels: ['hook'],
  };
  await api.ask('PUT', '/alerts/rules', { project: 'used', rule });
  expect(await api.ask('DELETE', '/alerts/channels/hook?project=used')).toMatchObject({
    status: 409,
    body: { error: { message: 'The channel hook is used by r. Take it out of them first.' } },
  });
  await api.ask('DELETE', '/alerts/rules/r?project=used');
  expect((await api.ask('DELETE', '/alerts/channels/hook?project=used')).status).toBe(204);
  expect((await api.ask('DELETE', '/alerts/channels/hook?project=used')).status).toBe(404);
});

test('what a file provides is changed there', async () => {
  const sentence =
    '409 The channel team is provided by the file channels/team.yaml. Change it there.';
  expect(await put('a', { ...provided, url: 'https://y.example.com/' })).toBe(sentence);
  expect((await api.ask('DELETE', '/alerts/channels/team')).status).toBe(409);
});

const forbidden = [
  'http://127.0.0.1/',
  'http://localhost/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://0177.0.0.1/',
  'http://0.0.0.0/',
  'http://[::]/',
  'http://[::1]/',
  'http://[::ffff:127.0.0.1]/',
  'http://[64:ff9b::7f00:1]/',
  'http://[2002:7f00:1::]/',
  'http://169.254.169.254/latest/meta-data/',
  'http://metadata.example.com/',
  'https://inside.example.com/hook',
  'http://10.0.0.1/',
  'http://192.168.0.1/',
  'http://172.16.0.1/',
  'http://100.64.0.1/',
  'http://[fd00::1]/',
  'http://[fe80::1]/',
  'http://224.0.0.1/',
  'https://example.com:22/',
  'http://user:password@example.com/',
  'file:///etc/passwd',
  'gopher://example.com/',
  'javascript:alert(1)',
  '//example.com',
  'example.com',
  '',
];

test.each(forbidden)('messages are not sent to %j, and a sentence says why', async (url) => {
  const connections = sink.connections();
  const answer = await put('ssrf', { name: 'hook', type: 'webhook', url });
  expect(answer).toMatch(/^400 .+\.$/);
  const channel = { name: 'hook', type: 'webhook', url };
  const tried = await api.ask('POST', '/alerts/channels/test', { project: 'ssrf', channel });
  expect(tried.status).toBe(400);
  expect((await list('ssrf')).map((one) => one.channel.name)).toEqual(['team']);
  expect(sink.connections()).toBe(connections);
});

const wrong: [string, object, RegExp][] = [
  [
    'a template that loops',
    { bodyTemplate: '{% for i in (1..100000000) %}x{% endfor %}' },
    /^400 .+\.$/,
  ],
  ['a template that is not closed', { bodyTemplate: '{% if x %}' }, /^400 .+\.$/],
  ['a template that reads files', { titleTemplate: "{% include '/etc/passwd' %}" }, /^400 .+\.$/],
  [
    'a template of 10,000',
    { bodyTemplate: 'x'.repeat(10_000) },
    /^400 channel\.bodyTemplate: Too big/,
  ],
  ['a secret that is none', { secret: 'hunter2' }, /^400 A signing secret is whsec_/],
  ['a secret of 10,000', { secret: 'x'.repeat(10_000) }, /^400 channel\.secret: Too big/],
  ['a name of the prototype', { name: '__proto__' }, /^400 channel\.name: Use at most 64/],
  ['an unknown kind', { type: 'fax' }, /^400 channel\.type: Invalid option/],
];

test.each(wrong)('%s is refused with what to change', async (_, change, sentence) => {
  expect(await put('bad', { ...hook(), ...change })).toMatch(sentence);
});

test('nothing failed inside while all this was asked', () => {
  expect(api.failed).toEqual([]);
});
