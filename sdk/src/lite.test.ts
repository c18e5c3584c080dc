import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { installSdk, type App } from './test/install.ts';
import { startReceiver, type Receiver } from './test/receiver.ts';
import { childEnv } from './test/child-env.ts';

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

const runApp = async (
  file: string,
  source: string,
  env: Record<string, string> = {},
): Promise<{ stdout: string; stderr: string }> => {
  await writeFile(join(app.folder, file), source);
  return promisify(execFile)(process.execPath, [file], {
    cwd: app.folder,
    env: { ...childEnv, ORCHESCOPE_ENDPOINT: receiver.url, ...env },
  });
};

const names = (): string[] => receiver.spans.map((span) => span.name);

test('spans and metrics arrive, with the name of the service and its attributes', async () => {
  const source = `
    import { run } from '@orchescope/sdk';
    import { init } from '@orchescope/sdk/lite';
    init();
    await run({ kind: 'workflow', name: 'w' }, async () => run({ kind: 'tool', name: 't' }, () => {}));`;
  const { stderr } = await runApp('app.mjs', source);
  expect(names()).toEqual(['execute_tool t', 'invoke_workflow w']);
  expect([...receiver.paths].sort()).toEqual(['/v1/metrics', '/v1/traces']);
  expect(receiver.services).toEqual(['test-app']);
  expect(stderr).toBe(
    `orchescope: sending traces to ${receiver.url}/v1/traces; capture metadata\n`,
  );
});

test('what a function has flushed has arrived, however abruptly it is frozen then', async () => {
  const source = `
    import { run } from '@orchescope/sdk';
    import { init } from '@orchescope/sdk/lite';
    const telemetry = init();
    const pending = [];
    const waitUntil = (promise) => pending.push(promise);
    const handle = () => run({ kind: 'workflow', name: 'request' }, async () => 'answer');
    console.log(await handle());
    waitUntil(telemetry.flush());
    await Promise.all(pending);
    console.log(telemetry.dropped());
    process.kill(process.pid, 'SIGKILL');`;
  await expect(runApp('function.mjs', source)).rejects.toMatchObject({
    signal: 'SIGKILL',
    stdout: 'answer\n0\n',
  });
  expect(names()).toEqual(['invoke_workflow request']);
});

test('other libraries are held to the capture setting here too', async () => {
  const source = `
    import { trace } from '@opentelemetry/api';
    import { init } from '@orchescope/sdk/lite';
    init({ serviceName: 'mine' });
    trace.getTracer('theirs').startSpan('chat', { attributes: {
      'gen_ai.input.messages': 'private', 'note': 'Bearer abcdefghijklmnop' } }).end();`;
  await runApp('theirs.mjs', source);
  expect(receiver.services).toEqual(['mine']);
  expect(receiver.spans[0]?.attributes).toEqual({ note: '[redacted]' });
});

test.each([
  ['OTEL_SDK_DISABLED', { OTEL_SDK_DISABLED: 'true' }],
  ['OTEL_TRACES_SAMPLER', { OTEL_TRACES_SAMPLER: 'always_off' }],
  [
    'its argument',
    { OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0' },
  ],
])('%s is honoured', async (_, env) => {
  const source = `
    import { run } from '@orchescope/sdk';
    import { init } from '@orchescope/sdk/lite';
    init();
    run({ kind: 'tool', name: 't' }, () => console.log('done'));`;
  const { stdout } = await runApp('sampled.mjs', source, env);
  expect([stdout, names()]).toEqual(['done\n', []]);
});

test('it does not load the Node SDK of OpenTelemetry', async () => {
  const source = `
    const { init } = require('@orchescope/sdk/lite');
    init();
    const heavy = ['sdk-node', 'otlp-grpc', 'instrumentation'];
    console.log(Object.keys(require.cache).filter((file) => heavy.some((name) => file.includes('@opentelemetry/' + name))).length);`;
  expect((await runApp('light.cjs', source)).stdout).toBe('0\n');
});
