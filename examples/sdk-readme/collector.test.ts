import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCollector, type CollectorProcess } from '../collector-process.ts';
import { untilStored } from '../until-stored.ts';

let collector: CollectorProcess;

beforeAll(async () => {
  collector = await startCollector();
});
afterAll(() => collector.stop());

const program = `
import { emit, run } from '@orchescope/sdk';
import { init } from '@orchescope/sdk/lite';
const telemetry = init({ serviceName: 'every-metric', endpoint: process.env.COLLECTOR });
run({ kind: 'workflow', name: 'w' }, () => {
  run({ kind: 'llm', name: 'l', model: 'm' }, (op) =>
    op.set({ usage: { inputTokens: 3, outputTokens: 2 }, costUsd: 0.1 }));
  run({ kind: 'handoff', name: 'b', from: 'a' }, () => {});
  emit({ type: 'breaker', name: 'gpt', state: 'open' });
  emit({ type: 'queue', name: 'jobs', depth: 2, waitMs: 10 });
  emit({ type: 'worker', id: 'w1', state: 'busy' });
  emit({ type: 'loop', kind: 'repeat' });
});
await telemetry.flush();
console.log(telemetry.dropped());
`;

type Signal = {
  readonly signal: string;
  readonly acceptedRecords: number;
  readonly rejectedRecords: number;
};

test('the collector takes and stores every span and every metric of the SDK', async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--input-type=module', '--eval', program],
    {
      cwd: import.meta.dirname,
      env: { ...process.env, COLLECTOR: collector.endpoint, ORCHESCOPE_LOG: 'off' },
    },
  );
  await untilStored(collector.endpoint);
  const health = (await (await fetch(`${collector.endpoint}/api/ingest`)).json()) as {
    readonly signals: readonly Signal[];
  };
  const { traces, metrics } = Object.fromEntries(health.signals.map((one) => [one.signal, one]));
  expect(stdout).toBe('0\n');
  expect([traces?.acceptedRecords, traces?.rejectedRecords]).toEqual([3, 0]);
  expect(metrics?.acceptedRecords).toBeGreaterThan(20);
  expect(metrics?.rejectedRecords).toBe(0);
});
