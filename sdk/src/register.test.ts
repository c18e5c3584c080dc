import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { childEnv } from './test/child-env.ts';
import { installSdk, type App } from './test/install.ts';
import { startReceiver, type Receiver } from './test/receiver.ts';

let app: App;
let receiver: Receiver;

beforeAll(async () => {
  app = await installSdk();
});
afterAll(() => app.remove());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

type Ran = { code: number | null; signal: string | null; stdout: string; stderr: string };
type Setup = { flags?: string[]; env?: Record<string, string>; killOnReady?: NodeJS.Signals };

/** Runs a program in the application's folder; `killOnReady` is sent when it prints `ready`. */
const runApp = async (file: string, source: string, setup: Setup = {}): Promise<Ran> => {
  await writeFile(join(app.folder, file), source);
  const child = spawn(process.execPath, [...(setup.flags ?? []), file], {
    cwd: app.folder,
    env: { ...childEnv, ORCHESCOPE_ENDPOINT: receiver.url, ...setup.env },
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    if (setup.killOnReady && stdout === 'ready\n') child.kill(setup.killOnReady);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { code, signal, stdout, stderr };
};

const esm = `
import { run, within, carrier } from '@orchescope/sdk';
run({ kind: 'workflow', name: 'w' }, () => run({ kind: 'tool', name: 't' }, () => {}));
`;
const cjs = `
const { run } = require('@orchescope/sdk');
run({ kind: 'workflow', name: 'w' }, () => run({ kind: 'tool', name: 't' }, () => {}));
`;
const withImport = ['--import', '@orchescope/sdk/register'];
const withRequire = ['--require', '@orchescope/sdk/register'];
const names = (): string[] => receiver.spans.map((span) => span.name);
const both = ['execute_tool t', 'invoke_workflow w'];

test.each([
  ['app.mjs', '--import', esm, withImport],
  ['app.cjs', '--import', cjs, withImport],
  ['app.mjs', '--require', esm, withRequire],
  ['app.cjs', '--require', cjs, withRequire],
])('%s under %s is traced, and flushed when it ends', async (file, _, source, flags) => {
  const { code, stderr } = await runApp(file, source, { flags });
  expect(names()).toEqual(both);
  expect([...receiver.paths].sort()).toEqual(['/v1/metrics', '/v1/traces']);
  expect(receiver.services).toEqual(['test-app']);
  expect(code).toBe(0);
  expect(stderr).toBe(
    `orchescope: sending traces to ${receiver.url}/v1/traces; capture metadata; attached: fetch, AI SDK\n`,
  );
});

test('the exit code of the program is its own', async () => {
  const { code } = await runApp('code.mjs', `${esm} process.exitCode = 7;`, { flags: withImport });
  expect([code, names()]).toEqual([7, both]);
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s ends it as ever, after a flush', async (kill) => {
  const waiting = `${esm} setInterval(() => {}, 1000); console.log('ready');`;
  const ran = await runApp('wait.mjs', waiting, { flags: withImport, killOnReady: kill });
  expect([ran.code, ran.signal]).toEqual([null, kill]);
  expect(names()).toEqual(both);
});

test.each(['on', 'once'])('a handler the program added with %s stays in charge', async (how) => {
  const source = `${esm}
    const work = setInterval(() => {}, 1000);
    process.${how}('SIGTERM', () => { clearInterval(work); console.log('bye'); process.exitCode = 3; });
    console.log('ready');`;
  const ran = await runApp('own.mjs', source, { flags: withImport, killOnReady: 'SIGTERM' });
  expect([ran.code, ran.signal, ran.stdout]).toEqual([3, null, 'ready\nbye\n']);
  expect(names()).toEqual(both);
});

test.each<[string, (url: string) => Record<string, string>]>([
  ['OTEL_EXPORTER_OTLP_ENDPOINT', (url) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: `${url}/` })],
  [
    'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
    (url) => ({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${url}/v1/traces` }),
  ],
])('%s goes before ours', async (_, env) => {
  const nowhere = { ORCHESCOPE_ENDPOINT: 'http://127.0.0.1:1' };
  await runApp('app.mjs', esm, { flags: withImport, env: { ...nowhere, ...env(receiver.url) } });
  expect(names()).toEqual(both);
});

test('metrics are not sent when told not to', async () => {
  await runApp('app.mjs', esm, { flags: withImport, env: { OTEL_METRICS_EXPORTER: 'none' } });
  expect(receiver.paths).toEqual(['/v1/traces']);
});

test('ORCHESCOPE_LOG=off says nothing, OTEL_SERVICE_NAME names the service', async () => {
  const env = { ORCHESCOPE_LOG: 'off', OTEL_SERVICE_NAME: 'named' };
  const { stderr } = await runApp('app.mjs', esm, { flags: withImport, env });
  expect([stderr, receiver.services]).toEqual(['', ['named']]);
});

test('OTEL_SDK_DISABLED is honoured', async () => {
  const env = { OTEL_SDK_DISABLED: 'true' };
  const { code } = await runApp('app.mjs', esm, { flags: withImport, env });
  expect([code, names()]).toEqual([0, []]);
});

test('a collector that is down costs the program nothing but its traces, and is told once', async () => {
  const env = { ORCHESCOPE_ENDPOINT: 'http://127.0.0.1:1' };
  const { code, stderr } = await runApp('app.mjs', esm, { flags: withImport, env });
  expect(code).toBe(0);
  expect(stderr.split('\n').slice(1)).toEqual([
    expect.stringMatching(
      /^orchescope: 2 spans were not delivered \(.*ECONNREFUSED.*only counted\.$/,
    ),
    '',
  ]);
});

test('the environment lent to the SDK is taken back', async () => {
  const source = `console.log(JSON.stringify(Object.keys(process.env).filter((n) => n.startsWith('OTEL'))));`;
  const { stdout } = await runApp('env.mjs', source, { flags: withImport });
  expect(JSON.parse(stdout)).toEqual([]);
});

test('with another SDK registered first, no second one is started', async () => {
  await writeFile(
    join(app.folder, 'first.mjs'),
    `import { NodeSDK } from '@opentelemetry/sdk-node';
     import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
     new NodeSDK({ serviceName: 'theirs', logRecordProcessors: [], metricReaders: [],
       traceExporter: new OTLPTraceExporter({ url: '${receiver.url}/theirs' }) }).start();`,
  );
  const { stderr } = await runApp('app.mjs', esm, {
    flags: ['--import', './first.mjs', ...withImport],
  });
  expect([receiver.paths, receiver.services, names()]).toEqual([['/theirs'], ['theirs'], both]);
  expect(stderr).toContain('using the tracer provider already here');
});

const initEsm = `
import { init, run } from '@orchescope/sdk';
const telemetry = init({ serviceName: 'mine', endpoint: process.env.TARGET, capture: 'full' });
run({ kind: 'tool', name: 't', args: { q: 1 } }, () => {});
await telemetry.flush();
console.log('flushed');
run({ kind: 'tool', name: 'u' }, () => {});
await telemetry.shutdown();
`;
const initCjs = `
const { init, run } = require('@orchescope/sdk');
const telemetry = init({ serviceName: 'mine', endpoint: process.env.TARGET, capture: 'full' });
run({ kind: 'tool', name: 't', args: { q: 1 } }, () => {});
telemetry.flush().then(() => {
  console.log('flushed');
  run({ kind: 'tool', name: 'u' }, () => {});
  return telemetry.shutdown();
});
`;

test.each([
  ['init.mjs', initEsm],
  ['init.cjs', initCjs],
])('%s: init records from the next line on; its endpoint goes before all', async (file, source) => {
  const env = { TARGET: receiver.url, OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' };
  const { code, stdout } = await runApp(file, source, { env });
  expect([code, stdout]).toEqual([0, 'flushed\n']);
  expect([names(), receiver.tracePaths(), receiver.services]).toEqual([
    ['execute_tool t', 'execute_tool u'],
    ['/v1/traces', '/v1/traces'],
    ['mine', 'mine'],
  ]);
  expect(receiver.spans[0]?.attributes['gen_ai.tool.call.arguments']).toBe('{"q":1}');
});

test('the ESM and the CommonJS copy share context, settings and the one start', async () => {
  const source = `
    import { createRequire } from 'node:module';
    import { init, run, within } from '@orchescope/sdk';
    const other = createRequire(import.meta.url)('@orchescope/sdk');
    const same = init({ capture: 'full' }) === other.init();
    within({ sessionId: 's' }, () => run({ kind: 'workflow', name: 'w', runId: 'r' }, () =>
      other.run({ kind: 'tool', name: 't', args: 1 }, () => {})));
    console.log(same, other.run === run);`;
  const { stdout } = await runApp('two.mjs', source);
  expect(stdout).toBe('true false\n');
  expect(receiver.spans[0]?.attributes).toMatchObject({
    'session.id': 's',
    'orchescope.run.id': 'r',
    'gen_ai.tool.call.arguments': '1',
  });
});

test('a worker thread is traced as well, and announced once', async () => {
  const source = `
    import { Worker, isMainThread } from 'node:worker_threads';
    import { run } from '@orchescope/sdk';
    if (isMainThread) new Worker(new URL(import.meta.url));
    else run({ kind: 'tool', name: 'in a worker' }, () => {});`;
  const { stderr } = await runApp('worker.mjs', source, { flags: withImport });
  expect(names()).toEqual(['execute_tool in a worker']);
  expect(stderr.split('\n')).toHaveLength(2);
});

test('importing does nothing but under the name register', async () => {
  const source = `
    const before = process.eventNames().length;
    await import('@orchescope/sdk');
    await import('@orchescope/sdk/attributes');
    const ours = Object.getOwnPropertySymbols(globalThis).map(String).filter((n) => n.includes('orchescope'));
    console.log(process.eventNames().length - before, ours.length);`;
  expect((await runApp('quiet.mjs', source)).stdout).toBe('0 0\n');
});

const aiSdk = `
import { generateText } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
const usage = { inputTokens: { total: 3 }, outputTokens: { total: 2 } };
await generateText({ prompt: 'tell me sk-abcdefghijklmnopqrst', model: new MockLanguageModelV4({
  doGenerate: async () => ({ finishReason: { unified: 'stop' }, usage, warnings: [],
    content: [{ type: 'text', text: 'the answer' }] }) }) });
`;

test.each([
  ['metadata', [false, false]],
  ['full', [true, false]],
])('an AI SDK app is traced; with capture %s content and secrets: %j', async (capture, found) => {
  const env = { ORCHESCOPE_CAPTURE: capture };
  const { stderr } = await runApp('ai.mjs', aiSdk, { flags: withImport, env });
  expect(stderr).toContain('attached: fetch, AI SDK');
  expect(names().some((name) => name.startsWith('chat'))).toBe(true);
  const sent = JSON.stringify(receiver.spans);
  expect([sent.includes('the answer'), sent.includes('sk-abcdefghijkl')]).toEqual(found);
});
