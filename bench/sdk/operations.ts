import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { ROOT_CONTEXT, context, trace } from '@opentelemetry/api';
import { observe, run, type AnySpec } from '@orchescope/sdk';
import { percentile } from '../percentile.ts';
import { registerBenchProviders } from './providers.ts';

/**
 * What one wrapped call costs over the bare function, in microseconds of processor time: `node bench/sdk/operations.ts`.
 * Rounds of all candidates alternate, so that what else the machine does hits all alike; the median round counts. Other
 * wrappers take part when they are found: `node bench/sdk/operations.ts <folder with their node_modules>`.
 */
const calls = 2_000;
const rounds = 25;
const chunks = 50;

type Candidate = {
  readonly name: string;
  readonly call: () => Promise<unknown>;
  readonly per?: number;
};

const work = async (order: string): Promise<{ order: string; state: string }> => ({
  order,
  state: 'sent',
});
const letters = async function* letters(): AsyncGenerator<string> {
  for (let i = 0; i < chunks; i += 1) yield 'a';
};
const drain = async (stream: AsyncIterable<string>): Promise<void> => {
  let length = 0;
  for await (const chunk of stream) length += chunk.length;
  if (length !== chunks) throw new Error('chunks went missing');
};

const tool = { kind: 'tool', name: 'look_up' } as const;
const plain = observe(work, tool);
const told = observe(work, {
  ...tool,
  in: (order) => ({ args: { order } }),
  out: (result) => ({ result }),
});
const stream = observe(letters, { kind: 'llm', name: 'l', model: 'm' });

const ours = (sdk: string): readonly Candidate[] => [
  { name: `observe, ${sdk}`, call: () => plain('4711') },
  { name: `observe with arguments and result, ${sdk}`, call: () => told('4711') },
  { name: `run, ${sdk}`, call: () => run(tool as AnySpec as typeof tool, () => work('4711')) },
  { name: `a streamed chunk, ${sdk}`, call: () => drain(stream()), per: chunks },
];

const bare: Candidate = { name: 'the bare function', call: () => work('4711') };
const bareStream: Candidate = {
  name: 'the bare stream',
  call: () => drain(letters()),
  per: chunks,
};

report('no SDK registered', await measure([bare, bareStream, ...ours('no SDK')]));

const providers = registerBenchProviders();
const tracer = trace.getTracer('bench');
const byHand: Candidate = {
  name: 'OpenTelemetry by hand, a span without attributes',
  call: () =>
    tracer.startActiveSpan('execute_tool look_up', async (span) => {
      const result = await work('4711');
      span.end();
      return result;
    }),
};
const others = await findOthers(process.argv[2]);
report(
  'spans alone, capture full',
  await measure([bare, bareStream, byHand, ...ours('spans'), ...others]),
);
providers.addMetrics();
report('spans and metrics', await measure([bare, bareStream, ...ours('spans and metrics')]));
await providers.shutdown();

/** Each found by its package; a wrapper that does not install here is left out. */
async function findOthers(folder: string | undefined): Promise<readonly Candidate[]> {
  const require = createRequire(pathToFileURL(`${folder ?? import.meta.dirname}/package.json`));
  type Wrap = (module: Record<string, (...args: never[]) => unknown>) => Candidate['call'];
  const wraps: readonly (readonly [string, Wrap])[] = [
    [
      '@langfuse/tracing',
      ({ observe }) => {
        const wrapped = observe?.(...([work, { name: 'look_up', asType: 'tool' }] as never[]));
        return () => (wrapped as typeof work)('4711');
      },
    ],
    [
      '@arizeai/openinference-core',
      ({ traceTool }) => {
        const wrapped = traceTool?.(...([work, { name: 'look_up' }] as never[]));
        return () => (wrapped as typeof work)('4711');
      },
    ],
    [
      '@traceloop/node-server-sdk',
      ({ withTool }) =>
        () =>
          withTool?.(...([{ name: 'look_up' }, work, '4711'] as never[])) as Promise<unknown>,
    ],
  ];
  const found: Candidate[] = [];
  for (const [name, wrap] of wraps) {
    try {
      found.push({
        name,
        call: wrap((await import(pathToFileURL(require.resolve(name)).href)) as never),
      });
    } catch (error) {
      console.log(`${name} does not take part: ${(error as Error).message.split('\n')[0]}`);
    }
  }
  return found;
}

async function measure(candidates: readonly Candidate[]): Promise<ReadonlyMap<string, number[]>> {
  const costs = new Map<string, number[]>();
  for (let round = -3; round < rounds; round += 1)
    for (const { name, call, per = 1 } of candidates) {
      const costUs = await context.with(ROOT_CONTEXT, () => timeRound(call, per));
      if (round >= 0) costs.set(name, [...(costs.get(name) ?? []), costUs]);
    }
  return costs;
}

async function timeRound(call: () => Promise<unknown>, per: number): Promise<number> {
  const times = Math.ceil(calls / per);
  const before = process.cpuUsage();
  for (let i = 0; i < times; i += 1) await call();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / (times * per);
}

function report(title: string, costs: ReadonlyMap<string, number[]>): void {
  console.log(
    `\n${title}: us of processor time a call, median (and 10 to 90 %) of ${rounds} rounds`,
  );
  const medianOf = (name: string): number => percentile(costs.get(name) ?? [], 0.5);
  for (const [name, all] of costs) {
    const base = medianOf(
      name.includes('chunk') || name.includes('stream') ? bareStream.name : bare.name,
    );
    const over = percentile(all, 0.5) - base;
    const range = `${percentile(all, 0.1).toFixed(1)} to ${percentile(all, 0.9).toFixed(1)}`;
    console.log(
      `${name.padEnd(60)} ${percentile(all, 0.5).toFixed(1)} (${range}), over bare ${over.toFixed(1)}`,
    );
  }
}
