import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AlertChannel } from '../../contract.ts';
import { parseAllowList } from './allow-list.ts';
import { makeCertificate } from './certificate.testing.ts';
import { createChannels, type SendContext } from './channel.ts';
import { toChannel, toDelivery, toKnown } from './message.testing.ts';
import { startSmtpSink } from './smtp-sink.testing.ts';

const key = randomBytes(32);
const name = 'mail.example';
const certificate = makeCertificate(name);
const own = makeCertificate('localhost');
const before = getCACertificates('default');
beforeAll(() => setDefaultCACertificates([...before, certificate.cert]));
afterAll(() => setDefaultCACertificates(before));

const channels = createChannels({
  secretKey: key,
  timeoutMs: 5_000,
  resolve: async () => ['127.0.0.1'],
});

const send = (
  { port }: { readonly port: number },
  change: Partial<AlertChannel> = {},
  message: Parameters<typeof toDelivery>[0] = {},
  context: Partial<SendContext> = {},
) => {
  const channel = toChannel({
    type: 'email',
    url: `smtp://127.0.0.1:${port}`,
    from: 'Orchescope <alerts@example.com>',
    to: ['oncall@example.com', 'ann@example.com'],
    ...change,
  });
  return channels.send(toKnown(key, channel), toDelivery(message), {
    publicUrl: 'https://traces.example',
    allow: parseAllowList([`127.0.0.1:${port}`, `localhost:${port}`, `${name}:${port}`]),
    signal: new AbortController().signal,
    nowMs: Date.now(),
    ...context,
  });
};

const login: NonNullable<Parameters<typeof startSmtpSink>[0]>['onAuth'] = (
  auth,
  _session,
  done,
) => {
  if (auth.username === 'alerts' && auth.password === 'correct horse')
    done(null, { user: 'alerts' });
  else done(new Error('Invalid username or password'));
};

test('a mail arrives: both texts, the same id each time, a list, no copy to anybody', async () => {
  await using sink = await startSmtpSink({ disabledCommands: ['STARTTLS'] });
  expect(await send(sink)).toEqual({ outcome: 'delivered', status: 250 });
  await send(sink);
  const [mail, again] = sink.mails;
  expect(mail).toMatchObject({
    from: 'alerts@example.com',
    to: ['oncall@example.com', 'ann@example.com'],
  });
  for (const raw of [mail?.raw, again?.raw]) {
    expect(raw).toMatch(/^Message-ID: <d-5ca1ab1e@example\.com>\r$/m);
    expect(raw).toMatch(/^References: <incident-i-1f2e3d@example\.com>\r$/m);
    expect(raw).toMatch(/^List-Id: <agent-latency-p95\.shop\.orchescope\.example\.com>\r$/im);
    expect(raw).toMatch(/^From: "?Orchescope"? <alerts@example\.com>\r$/m);
    expect(raw).toMatch(/^Subject: Firing: Agents are slow, planner at 18\.2 s\r$/m);
    expect(raw).toMatch(/Content-Type: text\/plain/);
    expect(raw).toMatch(/Content-Type: text\/html/);
  }
});

test('nothing in a message becomes a header, a receiver or markup', async () => {
  await using sink = await startSmtpSink({ disabledCommands: ['STARTTLS'] });
  const evil = 'x\r\nBcc: victim@example.com\r\n\r\n<script>alert(1)</script>';
  const attempt = await send(
    sink,
    { titleTemplate: '{{ title }}', bodyTemplate: '{{ description }}' },
    { title: evil, rule: evil, project: 'shop', description: evil },
  );
  expect(attempt).toMatchObject({ outcome: 'delivered' });
  const [mail] = sink.mails;
  expect(mail?.to).toEqual(['oncall@example.com', 'ann@example.com']);
  const [head = '', ...body] = (mail?.raw ?? '').split('\r\n\r\n');
  expect(head).not.toMatch(/^Bcc:/im);
  expect(body.join('\r\n\r\n').replaceAll(/=\r\n/g, '')).toContain('&lt;script&gt;');
  expect(mail?.raw.split('text/html')[1]).not.toContain('<script>');
});

test('of several addresses the next is tried where nothing listens', async () => {
  await using sink = await startSmtpSink(certificate);
  const several = createChannels({
    secretKey: key,
    resolve: async () => ['127.0.0.3', '127.0.0.1'],
  });
  const channel = toChannel({
    type: 'email',
    url: `smtp://${name}:${sink.port}`,
    from: 'alerts@example.com',
    to: ['oncall@example.com'],
  });
  const allow = parseAllowList([`${name}:${sink.port}`]);
  const signal = new AbortController().signal;
  const context = { publicUrl: '', allow, signal, nowMs: Date.now() };
  expect(await several.send(toKnown(key, channel), toDelivery(), context)).toMatchObject({
    outcome: 'delivered',
  });
});

describe('encryption', () => {
  test('of STARTTLS, with the certificate of the name', async () => {
    await using sink = await startSmtpSink({ ...certificate, authOptional: false, onAuth: login });
    const url = `smtp://${name}:${sink.port}`;
    expect(await send(sink, { url, username: 'alerts', secret: 'correct horse' })).toMatchObject({
      outcome: 'delivered',
    });
    expect(sink.mails).toMatchObject([{ isSecure: true, user: 'alerts' }]);
  });

  test('from the first byte', async () => {
    await using sink = await startSmtpSink({ ...certificate, secure: true });
    const url = `smtps://${name}:${sink.port}`;
    expect(await send(sink, { url })).toMatchObject({ outcome: 'delivered' });
    expect(sink.mails).toMatchObject([{ isSecure: true }]);
  });

  test('is not done without', async () => {
    await using sink = await startSmtpSink({ disabledCommands: ['STARTTLS'] });
    expect(await send(sink, { url: `smtp://${name}:${sink.port}` })).toEqual({
      outcome: 'refused',
      status: expect.any(Number),
      message: `${name}:${sink.port} offers no encryption. Use a server with STARTTLS, or smtps://.`,
    });
    expect(sink.mails).toEqual([]);
  });

  test.each(['smtp', 'smtps'])(
    '%s with a certificate that nobody vouches for is not used',
    async (scheme) => {
      await using sink = await startSmtpSink({
        ...makeCertificate(name),
        secure: scheme === 'smtps',
      });
      const url = `${scheme}://${name}:${sink.port}`;
      expect(await send(sink, { url, username: 'alerts', secret: 'x' })).toEqual({
        outcome: 'failed',
        status: null,
        message: expect.stringContaining('its certificate cannot be trusted'),
        retryAfterMs: null,
      });
      expect(sink.mails).toEqual([]);
    },
  );

  test('on this very host takes any certificate', async () => {
    await using sink = await startSmtpSink(own);
    expect(await send(sink, { url: `smtp://localhost:${sink.port}` })).toMatchObject({
      outcome: 'delivered',
    });
    expect(sink.mails).toMatchObject([{ isSecure: true }]);
  });
});

describe('what a server says', () => {
  test('a wrong password', async () => {
    await using sink = await startSmtpSink({ ...certificate, authOptional: false, onAuth: login });
    const url = `smtp://${name}:${sink.port}`;
    expect(await send(sink, { url, username: 'alerts', secret: 'wrong' })).toEqual({
      outcome: 'refused',
      status: 535,
      message: `${name}:${sink.port} refused the user name or the password (535). Set them again.`,
    });
  });

  test.each([
    [550, 'refused', 'refused the sender or one of the receivers (550). Check their addresses.'],
    [450, 'failed', 'asked to come again (450).'],
  ])('%i to one of two receivers', async (status, outcome, message) => {
    await using sink = await startSmtpSink({
      disabledCommands: ['STARTTLS'],
      onRcptTo({ address }, _session, done) {
        const refusal = Object.assign(new Error('secret words'), { responseCode: status });
        done(address.startsWith('ann') ? refusal : null);
      },
    });
    expect(await send(sink)).toMatchObject({
      outcome,
      status,
      message: `127.0.0.1:${sink.port} ${message}`,
    });
  });

  test('a server that is busy', async () => {
    await using sink = await startSmtpSink({
      disabledCommands: ['STARTTLS'],
      onMailFrom(_address, _session, done) {
        done(Object.assign(new Error('later'), { responseCode: 421 }));
      },
    });
    expect(await send(sink)).toMatchObject({ outcome: 'failed', status: 421 });
  });

  test('a server that says nothing', async () => {
    await using silent = await listen(createServer(() => undefined));
    const stopping = AbortSignal.timeout(200);
    expect(await send(silent, {}, {}, { signal: stopping })).toMatchObject({
      outcome: 'failed',
      status: null,
    });
  });

  test('a server that hangs up', async () => {
    await using rude = await listen(createServer((socket) => socket.resetAndDestroy()));
    expect(await send(rude)).toEqual({
      outcome: 'failed',
      status: null,
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ could not be reached: .*\.$/),
      retryAfterMs: null,
    });
  });
});

test.each([
  ['an address', '127.0.0.1', '127.0.0.1 is not a public address.'],
  ['an address in another form', '0x7f.1', '127.0.0.1 is not a public address.'],
  [
    'a name that leads to it',
    'inner.example',
    'inner.example leads to 127.0.0.1, which is not a public address.',
  ],
])('%s that is not allowed is refused, and not connected to', async (_, host, sentence) => {
  await using sink = await startSmtpSink(own);
  const attempt = await send(sink, { url: `smtp://${host}:${sink.port}` }, {}, { allow: [] });
  expect(attempt).toMatchObject({ outcome: 'refused', message: expect.stringContaining(sentence) });
  expect(sink.mails).toEqual([]);
});

async function listen(server: Server): Promise<AsyncDisposable & { readonly port: number }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    port: address === null || typeof address === 'string' ? 0 : address.port,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, 'close');
    },
  };
}
