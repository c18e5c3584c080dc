import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startOtlpJson } from './otlp-json.testing.ts';
import { toGolden } from './run-pattern.testing.ts';

const main = new URL('checkpoint-resume.ts', import.meta.url).pathname;

test('checkpoint-resume prints and sends what its golden file says, from two processes', async () => {
  const otlp = await startOtlpJson();
  const env = {
    PATH: process.env['PATH'],
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.endpoint,
    OTEL_METRICS_EXPORTER: 'otlp',
  };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, [main], { env });
  otlp.stop();
  expect(stderr.match(/^orchescope: /gm)).toHaveLength(2);
  const [first, second] = otlp.spans().filter(({ kind }) => kind === 'workflow');
  expect(second?.traceId).not.toBe(first?.traceId);
  expect(second?.attributes['orchescope.run.id']).toBe(first?.attributes['orchescope.run.id']);
  await expect(
    toGolden(stdout.trimEnd().split('\n'), otlp.spans(), otlp.metrics()),
  ).toMatchFileSnapshot('./checkpoint-resume.golden.txt');
});
