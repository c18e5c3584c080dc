/** Peers that are slow, that lie, that stop talking or that hang up: whoever sends well is answered meanwhile. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from './app.testing.ts';
import { ingestHealth } from './contract.ts';
import { request, span } from './ingest/ingest.testing.ts';

let server: TestServer;
const sockets: Socket[] = [];
beforeAll(async () => {
  server = await startTestServer({ ORCHESCOPE_REQUEST_TIMEOUT_SECONDS: '1' });
});
afterAll(async () => {
  await server.close();
  await server.remove();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

type Peer = {
  readonly socket: Socket;
  readonly said: () => string;
  readonly closed: Promise<unknown>;
};

/** Hears everything until the connection ends; a reset is an end. */
async function open(): Promise<Peer> {
  const socket = connect({ port: server.port, host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  let said = '';
  socket.on('data', (chunk: Buffer) => (said += chunk.toString()));
  socket.on('error', () => socket.destroy());
  const closed = new Promise((resolve) => socket.once('close', resolve));
  socket.once('end', () => socket.end());
  await once(socket, 'connect');
  return { socket, said: () => said, closed };
}

const body = JSON.stringify(request([span(1)]));
const head = (length: number | string, path = '/v1/traces'): string =>
  `POST ${path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;

async function sendWell(): Promise<number> {
  const headers = { 'content-type': 'application/json' };
  return (await server.ask('/v1/traces', { method: 'POST', headers, body })).status;
}

async function refusedAs(reason: string): Promise<number> {
  const { losses } = ingestHealth.parse(await server.read('/api/ingest'));
  return losses.find((loss) => loss.reason === reason)?.count ?? 0;
}

test('a sender that closes its half after the request gets its answer', async () => {
  const { socket, said, closed } = await open();
  socket.end(head(body.length) + body);
  await closed;
  expect(said()).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
  expect(said()).toMatch(/\r\n\r\n\{\}$/);
});

test('a sender that closes its half in the middle of a body leaves nothing, and is counted', async () => {
  const before = await refusedAs('disconnected');
  const { socket, said, closed } = await open();
  socket.end(head(body.length) + body.slice(0, 20));
  await closed;
  expect(said()).not.toContain('200 OK');
  await expect.poll(() => refusedAs('disconnected')).toBe(before + 1);
});

test('a reader that leaves takes its answer along', async () => {
  const { socket } = await open();
  socket.write('GET /api/live HTTP/1.1\r\nhost: localhost\r\n\r\n');
  const readers = async () =>
    ingestHealth.parse(await server.read('/api/ingest')).process.liveReaders;
  await expect.poll(readers).toBe(1);
  socket.end();
  await expect.poll(readers).toBe(0);
});

test('200 sockets that send half a head, or half a body, and then nothing, disturb nobody and are let go', async () => {
  const idle = await Promise.all(
    Array.from({ length: 200 }, async (_, number) => {
      const peer = await open();
      peer.socket.write(
        number % 2 === 0 ? 'POST /v1/traces HTTP/1.1\r\nhost: loc' : `${head(1_000_000)}{"resource`,
      );
      return peer;
    }),
  );
  expect(await sendWell()).toBe(200);
  expect((await server.ask('/api/traces')).status).toBe(200);
  await Promise.all(idle.map(({ closed }) => closed));
  expect(idle.filter(({ said }) => said().includes('200 OK'))).toEqual([]);
  expect(await sendWell()).toBe(200);
});

test('one that announces less than it sends is answered for what it announced, and the rest is no request', async () => {
  const { socket, said, closed } = await open();
  socket.write(`${head(body.length)}${body}trailing rubbish\r\n\r\n`);
  await closed;
  expect(said()).toMatch(/^HTTP\/1\.1 (200 OK|400 Bad Request)\r\n/);
  expect(await sendWell()).toBe(200);
});

test.each(['-1', '1e3', '99999999999999999999', '5, 6', '0x10'])(
  'a length of %s is refused, and the neighbour is stored',
  async (length) => {
    const { socket, said, closed } = await open();
    socket.write(head(length) + body);
    await closed;
    expect(said()).toMatch(/^HTTP\/1\.1 (400|413) /);
    expect(await sendWell()).toBe(200);
  },
);

test('a length and chunks at once are refused: two readers could see two requests', async () => {
  const { socket, said, closed } = await open();
  const both = head(body.length).replace('\r\n\r\n', '\r\ntransfer-encoding: chunked\r\n\r\n');
  socket.write(`${both}0\r\n\r\n${body}`);
  await closed;
  expect(said()).toMatch(/^HTTP\/1\.1 400 /);
});

test('heads without end are refused', async () => {
  const { socket, said, closed } = await open();
  socket.write(`GET / HTTP/1.1\r\nhost: localhost\r\nx: ${'x'.repeat(100_000)}`);
  await closed;
  expect(said()).toMatch(/^(HTTP\/1\.1 431 |$)/);
  expect(await sendWell()).toBe(200);
});
