import { Hono } from 'hono';
import { expect, test } from 'vitest';
import { requireAccessKey } from './access-key.ts';
import { guardHost } from './host-guard.ts';

const key = 'correct-horse-battery-staple';

function appWithKey(accessKey: string): Hono {
  return new Hono().use(requireAccessKey(accessKey)).all('*', (c) => c.text('in'));
}

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

test.each([
  ['a bearer key', `Bearer ${key}`, 200],
  ['a bearer key in lower case', `bearer ${key}`, 200],
  ['a basic password with any user', basic(`me:${key}`), 200],
  ['no header', undefined, 401],
  ['a wrong key', 'Bearer wrong', 401],
  ['a prefix of the key', `Bearer ${key.slice(0, -1)}`, 401],
  ['the key as user name', basic(`${key}:`), 401],
  ['basic without a colon', basic(key), 401],
  ['another scheme', `Digest ${key}`, 401],
])('%s is answered %i', async (_, authorization, status) => {
  const headers = authorization === undefined ? {} : { authorization };
  const response = await appWithKey(key).request('/api/traces', { headers });
  expect(response.status).toBe(status);
});

test('without a configured key everybody is let in', async () => {
  expect((await appWithKey('').request('/api/traces')).status).toBe(200);
});

test('a refused sender reads a google.rpc.Status in the encoding it sent', async () => {
  const protobuf = await appWithKey(key).request('/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/x-protobuf' },
  });
  expect(protobuf.headers.get('content-type')).toBe('application/x-protobuf');
  const bytes = Buffer.from(await protobuf.arrayBuffer());
  expect([...bytes.subarray(0, 3)]).toEqual([0x08, 16, 0x12]);
  expect(bytes.subarray(4).toString()).toMatch(/^Send the access key/);

  const json = await appWithKey(key).request('/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
  });
  expect(await json.json()).toEqual({ code: 16, message: expect.stringMatching(/^Send/) });
});

test.each([
  ['localhost:4318', [], false, 200],
  ['127.0.0.1:4318', [], false, 200],
  ['[::1]:4318', [], false, 200],
  ['app.localhost', [], false, 200],
  ['evil.example', [], false, 403],
  ['127.0.0.1.evil.example', [], false, 403],
  ['traces.example', ['Traces.example'], false, 200],
  ['anything.example', [], true, 200],
  ['anything.example', ['traces.example'], true, 403],
])(
  'Host %s with allowed names %j and key %s is answered %i',
  async (host, names, hasKey, status) => {
    const guard = guardHost({ allowedHosts: names, hasAccessKey: hasKey });
    const app = new Hono().use(guard).get('*', (c) => c.text('in'));
    expect((await app.request('/', { headers: { host } })).status).toBe(status);
  },
);
