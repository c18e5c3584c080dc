import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { percentile } from '../percentile.ts';

/**
 * How long imports take, and the memory of a span that has not ended: `node bench/sdk/start.ts`. A process each; the
 * SDK as it is published (`npm run build` first).
 */
const runs = 15;
const liveSpans = 20_000;

const imports = [
  ['@orchescope/sdk', "await import('@orchescope/sdk')"],
  [
    '@orchescope/sdk, @opentelemetry/api loaded before',
    "await import('@orchescope/sdk')",
    "import '@opentelemetry/api';",
  ],
  ['@orchescope/sdk/lite', "await import('@orchescope/sdk/lite')"],
  ['@opentelemetry/sdk-node', "await import('@opentelemetry/sdk-node')"],
  ['@orchescope/sdk/register', "await import('@orchescope/sdk/register')"],
] as const;

for (const [name, statement, before = ''] of imports) {
  const times: number[] = [];
  for (let i = 0; i < runs; i += 1)
    times.push(
      Number(
        await evaluate(
          `${before} const before = performance.now(); ${statement}; console.log(performance.now() - before); process.exit();`,
        ),
      ),
    );
  const range = `${percentile(times, 0.1).toFixed(1)} to ${percentile(times, 0.9).toFixed(1)}`;
  console.log(
    `import ${name}: ${percentile(times, 0.5).toFixed(1)} ms (${range}), median of ${runs}`,
  );
}

for (const [name, start] of [
  ['a span by OpenTelemetry', "trace.getTracer('bench').startSpan('execute_tool t')"],
  ['a span by start()', "start({ kind: 'tool', name: 't' })"],
] as const)
  console.log(`heap of ${name} that has not ended: ${await evaluate(heap(start))} bytes`);

function heap(start: string): string {
  return `
    import { trace } from '@opentelemetry/api';
    import { start } from '@orchescope/sdk';
    import { registerBenchProviders } from '${import.meta.dirname}/providers.ts';
    registerBenchProviders().addMetrics();
    const live = [];
    for (let i = 0; i < 1000; i += 1) ${start}.end();
    gc();
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < ${liveSpans}; i += 1) live.push(${start});
    gc();
    console.log(Math.round((process.memoryUsage().heapUsed - before) / live.length));
    process.exit();`;
}

async function evaluate(source: string): Promise<string> {
  const args = ['--expose-gc', '--input-type=module', '--eval', source];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    cwd: import.meta.dirname,
    env: {
      ...process.env,
      ORCHESCOPE_LOG: 'off',
      OTEL_TRACES_EXPORTER: 'none',
      OTEL_METRICS_EXPORTER: 'none',
    },
  });
  return stdout.trim();
}
