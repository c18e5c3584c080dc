/** The canary as an operator runs it, against a real server, whole and broken. */
import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../app.testing.ts';
import { readOwner } from '../store/engine/data-dir.ts';
import { orchescope } from './alerts.testing.ts';
import type { CanaryReport } from './canary/run-canary.ts';
import { runHere, type Ran } from './run-here.testing.ts';

const key = 'correct-horse-battery-staple';

let server: TestServer;
const stubs: Server[] = [];
beforeAll(async () => {
  server = await startTestServer({ ORCHESCOPE_ACCESS_KEY: key });
});
afterAll(async () => {
  await server.close();
  await server.remove();
});
afterEach(() => {
  for (const stub of stubs.splice(0)) stub.close().closeAllConnections();
});

const canary = (args: readonly string[], env: Record<string, string> = {}): Promise<Ran> =>
  runHere(['canary', ...args], env);

async function listen(answer: RequestListener): Promise<string> {
  const stub = createServer(answer).listen(0, '127.0.0.1');
  stubs.push(stub);
  await once(stub, 'listening');
  return `http://127.0.0.1:${(stub.address() as AddressInfo).port}`;
}

const report = (run: Ran): CanaryReport => JSON.parse(run.stdout) as CanaryReport;
const outcomes = ({ steps }: CanaryReport) => steps.map(({ name, outcome }) => [name, outcome]);

test('what was sent is read back in every way, and nobody else sees it', async () => {
  const run = await canary(['--url', server.url, '--traces', '3', '--json'], {
    ORCHESCOPE_ACCESS_KEY: key,
  });
  expect([run.code, run.stderr]).toEqual([0, '']);
  expect(report(run)).toMatchObject({
    ok: true,
    traces: 3,
    spans: 9,
    project: 'orchescope-canary',
  });
  const names = ['send', 'read by id', 'read content', 'find by attribute', 'add up'];
  for (const name of names) expect(outcomes(report(run))).toContainEqual([name, 'ok']);
  const headers = { authorization: `Bearer ${key}` };
  const others = await server.ask('/api/traces', { headers });
  expect(JSON.parse(others.text)).toMatchObject({ traces: [] });
});

test('two runs do not disturb each other, and the words say that all is well', async () => {
  const args = ['canary', '--url', server.url, '--key', key, '--traces', '2'];
  const [first, second] = await Promise.all([orchescope(args), orchescope(args)]);
  for (const { code, stdout } of [first, second]) {
    expect(stdout).toMatch(/^canary [0-9a-f]{16}: 2 traces, 6 spans to http/);
    expect(stdout).toMatch(/read by id +\d+ ms {2}ok\n/);
    expect(stdout).toMatch(/Everything that was sent can be read\.\n$/);
    expect(code).toBe(0);
  }
});

test('without the key it says which key to give, and ends with 1', async () => {
  const run = await canary(['--url', server.url]);
  expect(run.code).toBe(1);
  expect(run.stdout).toContain('was answered 401');
  expect(run.stdout).toContain('Give the access key with --key or ORCHESCOPE_ACCESS_KEY.');
});

test('a server that is not there is one sentence', async () => {
  const stub = createServer().listen(0, '127.0.0.1');
  await once(stub, 'listening');
  const { port } = stub.address() as AddressInfo;
  stub.close();
  await once(stub, 'close');
  const run = await canary(['--url', `http://127.0.0.1:${port}`]);
  expect(run.code).toBe(1);
  expect(run.stdout).toContain(`failed: nothing answers at http://127.0.0.1:${port}: connect`);
  expect(run.stdout).toContain('Something that was sent cannot be read');
  expect(run.stderr).toBe('');
});

test('a server that takes everything and keeps nothing is found out', async () => {
  const url = await listen((incoming, outgoing) => {
    incoming.resume();
    outgoing.statusCode = incoming.method === 'POST' ? 200 : 404;
    outgoing.end();
  });
  const run = await canary(['--url', url, '--traces', '2', '--timeout', '1', '--json']);
  expect(run.code).toBe(1);
  expect(outcomes(report(run)).slice(0, 3)).toEqual([
    ['send', 'ok'],
    ['read by id', 'failed'],
    ['read content', 'not tried'],
  ]);
  expect(report(run).steps[1]?.problem).toBe('2 of 2 traces are not there whole');
});

test('a server that never answers is given up, and what it writes cannot command the terminal', async () => {
  const silent = await listen((incoming) => incoming.resume());
  const given = await canary(['--url', silent, '--timeout', '1']);
  expect([given.code, given.stdout]).toEqual([
    1,
    expect.stringContaining('did not answer in time'),
  ]);
  const rude = await listen((_, outgoing) => {
    outgoing.statusCode = 503;
    outgoing.end('\u001b[2Jaway');
  });
  const refused = await canary(['--url', rude]);
  expect(refused.stdout).toContain('sending was answered 503: [2Jaway');
  expect(refused.stdout).not.toContain('\u001b');
});

test.each([
  [['--url', 'ftp://x'], /--url must look like/],
  [['--traces', '0'], /whole number from 1 to 200/],
  [['--traces', '201'], /whole number from 1 to 200/],
  [['--timeout', 'soon'], /--timeout must be seconds/],
  [['--fly'], /Unknown option '--fly'/],
  [['now'], /Unexpected argument 'now'/],
])('%j is told how it is done, and ends with 2', async (args, sentence) => {
  const run = await canary(args);
  expect(run.code).toBe(2);
  expect(run.stderr).toMatch(sentence);
  expect(run.stderr).toContain('[--traces 10]');
});

test('when the store hangs, the canary says so and ends with 1', async () => {
  const broken = await startTestServer();
  const enginePid = readOwner(broken.dataDir)?.enginePid ?? 0;
  process.kill(enginePid, 'SIGSTOP');
  const run = await canary(['--url', broken.url, '--traces', '1', '--timeout', '2', '--json']);
  process.kill(enginePid, 'SIGCONT');
  expect(run.code).toBe(1);
  const failed = report(run).steps.find(({ outcome }) => outcome === 'failed');
  expect(failed?.problem).toMatch(/was answered 503|did not answer in time/);
  await broken.close();
  await broken.remove();
});
