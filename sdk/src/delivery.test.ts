import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { childEnv } from './test/child-env.ts';
import { installSdk, type App } from './test/install.ts';

let app: App;
let server: Server | undefined;

beforeAll(async () => {
  app = await installSdk();
});
afterAll(() => app.remove());
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = undefined;
});

type Answer = (response: ServerResponse) => void;

const answering = async (answer: Answer): Promise<string> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => answer(response));
  }).listen(0, '127.0.0.1', resolve);
  await promise;
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

/** A hundred operations, in batches of fifty; the sum is the program's own business. */
const program = `
import { run } from '@orchescope/sdk';
import { init } from '@orchescope/sdk/lite';
const telemetry = init();
let sum = 0;
for (let i = 0; i < 100; i++) sum += run({ kind: 'tool', name: 't' }, () => i);
await telemetry.flush();
console.log(sum, telemetry.dropped());
`;

const runProgram = async (endpoint: string, env: Record<string, string> = {}) => {
  await writeFile(join(app.folder, 'program.mjs'), program);
  return promisify(execFile)(process.execPath, ['program.mjs'], {
    cwd: app.folder,
    env: {
      ...childEnv,
      ORCHESCOPE_ENDPOINT: endpoint,
      OTEL_EXPORTER_OTLP_TIMEOUT: '700',
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '50',
      OTEL_METRICS_EXPORTER: 'none',
      ...env,
    },
  });
};

const told = (stderr: string): readonly string[] => stderr.trimEnd().split('\n').slice(1);

test.each<[string, Answer, RegExp]>([
  ['refuses what it got', (response) => response.writeHead(400).end(), /Bad Request/],
  ['has no such path', (response) => response.writeHead(404).end(), /Not Found/],
  ['breaks', (response) => response.writeHead(500).end('oops'), /Internal Server Error/],
  ['is overloaded', (response) => response.writeHead(429, { 'retry-after': '60' }).end(), /./],
  ['is away for now', (response) => response.writeHead(503).end(), /./],
  ['never answers', () => {}, /./],
  ['hangs up', (response) => response.destroy(), /./],
])(
  'a receiver that %s: the program goes on, drops are counted and told once',
  async (_, answer, why) => {
    const { stdout, stderr } = await runProgram(await answering(answer));
    expect(stdout).toBe('4950 100\n');
    expect(told(stderr)).toEqual([
      expect.stringMatching(/^orchescope: 50 spans were not delivered \(.*only counted\.$/),
    ]);
    expect(told(stderr)[0]).toMatch(why);
  },
);

test('nobody listens', async () => {
  const { stdout, stderr } = await runProgram('http://127.0.0.1:1');
  expect(stdout).toBe('4950 100\n');
  expect(told(stderr)).toHaveLength(1);
});

test('more than the queue holds is dropped and counted', async () => {
  const endpoint = await answering((response) => {
    response.setHeader('content-type', 'application/json').end('{}');
  });
  const small = { OTEL_BSP_MAX_QUEUE_SIZE: '10', OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '10' };
  const { stdout, stderr } = await runProgram(endpoint, small);
  const [sum, dropped] = stdout.trim().split(' ').map(Number);
  expect(sum).toBe(4950);
  expect(dropped).toBeGreaterThan(50);
  expect(told(stderr)).toEqual([
    'orchescope: 1 spans were not delivered (the queue is full). Later ones are only counted.',
  ]);
});

test('a receiver that answers nonsense has taken it', async () => {
  const endpoint = await answering((response) => response.end('<html>hello</html>'));
  const { stdout, stderr } = await runProgram(endpoint);
  expect([stdout, told(stderr)]).toEqual(['4950 0\n', []]);
});

test('ORCHESCOPE_LOG=off counts in silence', async () => {
  const { stdout, stderr } = await runProgram('http://127.0.0.1:1', { ORCHESCOPE_LOG: 'off' });
  expect([stdout, stderr]).toEqual(['4950 100\n', '']);
});
