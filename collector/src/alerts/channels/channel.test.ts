import { randomBytes } from 'node:crypto';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AlertChannel, ChannelType } from '../../contract.ts';
import { parseAllowList } from './allow-list.ts';
import { makeCertificate } from './certificate.testing.ts';
import { createChannels, type SendContext } from './channel.ts';
import { slowAgent, toChannel, toDelivery, toKnown } from './message.testing.ts';
import { startSink, type Answer, type Sink } from './sink.testing.ts';
import {
  discordShape,
  pagerDutyShape,
  slackShape,
  teamsShape,
  webhookShape,
} from './vendor-shapes.testing.ts';

const key = randomBytes(32);
const signingSecret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const nextSecret = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;
const nowMs = Date.now();
const context = (sink: Pick<Sink, 'port'>, change: Partial<SendContext> = {}): SendContext => ({
  publicUrl: 'https://traces.example',
  allow: parseAllowList([`127.0.0.1:${sink.port}`, `localhost:${sink.port}`]),
  signal: new AbortController().signal,
  nowMs,
  ...change,
});
const channels = createChannels({ secretKey: key, timeoutMs: 5_000 });

const webhookTo = (sink: Pick<Sink, 'port'>, secret: string | null = signingSecret): AlertChannel =>
  toChannel({ type: 'webhook', url: `http://127.0.0.1:${sink.port}/in`, secret });

describe('webhook', () => {
  test('is signed so that receivers of Standard Webhooks verify it', async () => {
    await using sink = await startSink();
    const attempt = await channels.send(
      toKnown(key, webhookTo(sink, `${nextSecret} ${signingSecret}`)),
      toDelivery(),
      context(sink),
    );
    expect(attempt).toEqual({ outcome: 'delivered', status: 200 });
    const [{ headers, body } = { headers: {}, body: '' }] = sink.requests;
    expect(headers).toMatchObject({
      'webhook-id': 'd-5ca1ab1e',
      'content-type': 'application/json',
    });
    const signed = headers as Record<string, string>;
    for (const secret of [signingSecret, nextSecret]) {
      expect(webhookShape.parse(new Webhook(secret).verify(body, signed))).toMatchObject({
        type: 'alert.firing',
        data: { rule: 'agent-latency-p95', alerts: [{ group: 'planner', value: 18_200 }] },
      });
    }
    expect(() => new Webhook(signingSecret).verify(`${body} `, signed)).toThrow(/signature/);
    const other = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    expect(() => new Webhook(other).verify(body, signed)).toThrow(/signature/);
  });

  test('has the same id and the same body however often it is sent', async () => {
    await using sink = await startSink();
    for (const later of [0, 60_000]) {
      const known = toKnown(key, webhookTo(sink));
      await channels.send(known, toDelivery(), context(sink, { nowMs: nowMs + later }));
    }
    const [first, second] = sink.requests;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
    expect(second?.headers['webhook-timestamp']).not.toBe(first?.headers['webhook-timestamp']);
  });

  test('without a secret has no signature', async () => {
    await using sink = await startSink();
    await channels.send(toKnown(key, webhookTo(sink, null)), toDelivery(), context(sink));
    expect(sink.requests[0]?.headers).not.toHaveProperty('webhook-signature');
  });
});

describe('what the answer means', () => {
  const at = new Date(nowMs + 90_000).toUTCString();
  test.each([
    [200, {}, { outcome: 'delivered' }],
    [202, {}, { outcome: 'delivered' }],
    [204, {}, { outcome: 'delivered' }],
    [429, { 'retry-after': '7' }, { outcome: 'failed', retryAfterMs: 7_000 }],
    [429, { 'retry-after': '0.5' }, { outcome: 'failed', retryAfterMs: 500 }],
    [429, {}, { outcome: 'failed', retryAfterMs: null }],
    [503, { 'retry-after': at }, { outcome: 'failed', retryAfterMs: expect.closeTo(90_000, -4) }],
    [503, { 'retry-after': 'soon' }, { outcome: 'failed', retryAfterMs: null }],
    [503, { 'retry-after': '99999999' }, { outcome: 'failed', retryAfterMs: 86_400_000 }],
    [408, {}, { outcome: 'failed' }],
    [500, {}, { outcome: 'failed' }],
    [410, {}, { outcome: 'refused', message: expect.stringContaining('is gone') }],
    [400, {}, { outcome: 'refused', message: expect.stringContaining('refused the message') }],
    [401, {}, { outcome: 'refused', message: expect.stringContaining('set the secret again') }],
    [404, {}, { outcome: 'refused', message: expect.stringContaining('copy it again') }],
    [
      302,
      { location: '/' },
      { outcome: 'refused', message: expect.stringContaining('not followed') },
    ],
  ])('%i %j', async (status, headers, expected) => {
    const secretBody = 'internal page of somebody';
    const body = status === 204 ? '' : secretBody;
    await using sink = await startSink(() => ({ status, headers, body }));
    const attempt = await channels.send(toKnown(key, webhookTo(sink)), toDelivery(), context(sink));
    expect(attempt).toMatchObject({ status, ...expected });
    expect(JSON.stringify(attempt)).not.toContain(secretBody);
    expect(sink.requests).toHaveLength(1);
  });

  test.each<[string, ReturnType<Answer>, RegExp]>([
    ['a server that hangs', 'hang', /^127\.0\.0\.1:\d+ did not answer within 0\.3 s\.$/],
    [
      'a server that resets',
      'reset',
      /^127\.0\.0\.1:\d+ could not be reached: it closed the connection\.$/,
    ],
  ])('%s', async (_, answer, message) => {
    await using sink = await startSink(() => answer);
    const hurried = createChannels({ secretKey: key, timeoutMs: 300 });
    expect(await hurried.send(toKnown(key, webhookTo(sink)), toDelivery(), context(sink))).toEqual({
      outcome: 'failed',
      status: null,
      message: expect.stringMatching(message),
      retryAfterMs: null,
    });
  });

  test('who stops does not wait', async () => {
    await using sink = await startSink(() => 'hang');
    const stopping = new AbortController();
    const sending = channels.send(
      toKnown(key, webhookTo(sink)),
      toDelivery(),
      context(sink, { signal: stopping.signal }),
    );
    stopping.abort();
    expect(await sending).toMatchObject({ outcome: 'failed' });
  });

  test('a host that is not allowed is refused, and not connected to', async () => {
    await using sink = await startSink();
    const attempt = await channels.send(
      toKnown(key, webhookTo(sink)),
      toDelivery(),
      context(sink, { allow: [] }),
    );
    expect(attempt).toEqual({
      outcome: 'refused',
      status: null,
      message: `127.0.0.1 is not a public address. Use a public host, or let the operator add 127.0.0.1:${sink.port} to ORCHESCOPE_ALERT_ALLOW.`,
    });
    expect(sink.connections()).toBe(0);
  });
});

describe('a secret', () => {
  test('is not sent to another address than it was set for', async () => {
    await using sink = await startSink();
    const known = toKnown(key, webhookTo({ port: 1 }));
    const moved = { ...known, channel: { ...known.channel, url: webhookTo(sink).url } };
    expect(await channels.send(moved, toDelivery(), context(sink))).toEqual({
      outcome: 'refused',
      status: null,
      message: `The secret was set for 127.0.0.1:1, and is not sent to 127.0.0.1:${sink.port}. Set it again.`,
    });
    expect(sink.connections()).toBe(0);
  });

  test('of another project or channel does not open', async () => {
    await using sink = await startSink();
    const known = toKnown(key, webhookTo(sink), 'other');
    const renamed = toKnown(key, webhookTo(sink));
    const attempts = [
      await channels.send(known, toDelivery(), context(sink)),
      await channels.send(
        { ...renamed, channel: { ...renamed.channel, name: 'renamed' } },
        toDelivery(),
        context(sink),
      ),
    ];
    expect(attempts.map(({ outcome }) => outcome)).toEqual(['refused', 'refused']);
    expect(sink.connections()).toBe(0);
  });
});

/** The vendors speak HTTPS alone; so does the server that stands for them. */
describe('vendors, over TLS and by name', () => {
  const name = 'hooks.vendor.example';
  const certificate = makeCertificate(name);
  const before = getCACertificates('default');
  beforeAll(() => setDefaultCACertificates([...before, certificate.cert]));
  afterAll(() => setDefaultCACertificates(before));
  const named = createChannels({
    secretKey: key,
    timeoutMs: 5_000,
    resolve: async () => ['127.0.0.1'],
  });
  const allowName = (sink: Sink, host = name) =>
    context(sink, { allow: parseAllowList([`${host}:${sink.port}`]) });

  const vendors = [
    ['slack', slackShape],
    ['teams', teamsShape],
    ['discord', discordShape],
  ] as const;

  test.each(vendors)('%s', async (type, shape) => {
    await using sink = await startSink(undefined, { tls: certificate });
    const secret = `https://${name}:${sink.port}/services/T0/B0/secret?x=1`;
    const known = toKnown(key, toChannel({ type, secret }));
    expect(await named.send(known, toDelivery(), allowName(sink))).toEqual({
      outcome: 'delivered',
      status: 200,
    });
    expect(sink.requests).toMatchObject([
      { path: '/services/T0/B0/secret?x=1', headers: { host: `${name}:${sink.port}` } },
    ]);
    shape.parse(JSON.parse(sink.requests[0]?.body ?? ''));
  });

  test('pagerduty gets an event a group, and all of them count', async () => {
    const groups = Array.from({ length: 40 }, (_, i) => `g${i}`);
    const alerts = groups.map((group) =>
      Object.assign({}, slowAgent, { group, fingerprint: group }),
    );
    await using sink = await startSink((_, i) => ({ status: i === 20 ? 429 : 202 }), {
      tls: certificate,
    });
    const url = `https://${name}:${sink.port}`;
    const known = toKnown(key, toChannel({ type: 'pagerduty', url, secret: 'R'.repeat(32) }));
    const send = () => named.send(known, toDelivery({ alerts }), allowName(sink));
    expect(await send()).toMatchObject({ outcome: 'failed', status: 429 });
    const first = sink.requests.length;
    expect(first).toBeLessThan(groups.length);
    expect(await send()).toEqual({ outcome: 'delivered', status: 202 });
    const keys = sink.requests.slice(first).map(({ path, body }) => {
      expect(path).toBe('/v2/enqueue');
      return pagerDutyShape.parse(JSON.parse(body)).dedup_key.split(':').at(-1);
    });
    expect(keys.toSorted()).toEqual(groups.toSorted());
  });

  test('what fired and ended reaches pagerduty in this order', async () => {
    await using sink = await startSink(() => ({ status: 202 }), { tls: certificate });
    const url = `https://${name}:${sink.port}`;
    const known = toKnown(key, toChannel({ type: 'pagerduty', url, secret: 'R'.repeat(32) }));
    const over = { ...slowAgent, state: 'fired_and_resolved', endedAtMs: nowMs } as const;
    await named.send(known, toDelivery({ alerts: [over] }), allowName(sink));
    const actions = sink.requests.map(
      ({ body }) => pagerDutyShape.parse(JSON.parse(body)).event_action,
    );
    expect(actions).toEqual(['trigger', 'resolve']);
  });

  test('a certificate of another name is not taken', async () => {
    await using sink = await startSink(undefined, { tls: certificate });
    const secret = `https://other.example:${sink.port}/secret`;
    const known = toKnown(key, toChannel({ type: 'slack', secret }));
    expect(await named.send(known, toDelivery(), allowName(sink, 'other.example'))).toMatchObject({
      outcome: 'failed',
      message: `other.example:${sink.port} could not be reached: its certificate is for another name.`,
    });
    expect(sink.requests).toEqual([]);
  });

  test('a certificate that nobody vouches for is not taken', async () => {
    await using sink = await startSink(undefined, { tls: makeCertificate(name) });
    const known = toKnown(
      key,
      toChannel({ type: 'slack', secret: `https://${name}:${sink.port}/x` }),
    );
    expect(await named.send(known, toDelivery(), allowName(sink))).toMatchObject({
      outcome: 'failed',
      message: expect.stringContaining('its certificate cannot be trusted'),
    });
    expect(sink.requests).toEqual([]);
  });
});

describe('a test', () => {
  test('sends a message of its own each time', async () => {
    await using sink = await startSink();
    const known = toKnown(key, webhookTo(sink));
    for (const _ of [1, 2]) {
      expect(await channels.testSend(known, 'shop', context(sink))).toEqual({
        delivered: true,
        status: 200,
        message: '',
        durationMs: expect.any(Number),
      });
    }
    const bodies = sink.requests.map(({ body }) => webhookShape.parse(JSON.parse(body)));
    expect(bodies.map(({ type }) => type)).toEqual(['alert.test', 'alert.test']);
    const ids = sink.requests.map(({ headers }) => headers['webhook-id']);
    expect(new Set(ids).size).toBe(2);
    expect(ids[0]).toMatch(/^test-/);
  });

  test('says what to change', async () => {
    await using sink = await startSink(() => ({ status: 404 }));
    const known = toKnown(key, webhookTo(sink));
    expect(await channels.testSend(known, 'shop', context(sink))).toMatchObject({
      delivered: false,
      status: 404,
      message: `127.0.0.1:${sink.port} does not know the address: copy it again (404).`,
    });
  });

  test.each<ChannelType>(['slack', 'teams', 'discord', 'pagerduty', 'email'])(
    'of %s without anything set is refused in a sentence',
    async (type) => {
      const known = toKnown(key, toChannel({ type }));
      const answer = await channels.testSend(known, 'shop', context({ port: 1 }));
      expect(answer).toMatchObject({ delivered: false, status: null });
      expect(answer.message).toMatch(/^[A-Z].*\.$/);
    },
  );
});
