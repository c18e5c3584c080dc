import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startCollector, type CollectorProcess } from '../collector-process.ts';
import { untilStored } from '../until-stored.ts';
import { startOtlpRecorder } from './otlp-recorder.ts';
import { frameworks, runExample } from './run-example.ts';
import { toSkeletonTree, type Skeleton } from './skeleton-tree.ts';
import { toSpanTree } from './span-tree.ts';

// Some start a database of their own first.
vi.setConfig({ testTimeout: 90_000 });

/** The real one with its embedded ClickHouse, behind a recorder of what each program sends to it. */
let collector: CollectorProcess;

beforeAll(async () => {
  collector = await startCollector();
});

afterAll(() => collector.stop());

const roots = {
  'plain-otel': ['invoke_workflow plan-trip'],
  'ai-sdk': ['invoke_agent concierge', 'invoke_agent postcard'],
  langgraph: ['ticket-prices'],
  'langgraph-sdk': ['invoke_workflow ticket-prices'],
  mastra: ['invoke_workflow city-trip'],
  openai: ['invoke_agent support', 'invoke_agent writer'],
  'openai-agents': ['invoke_workflow support'],
  'google-genai': ['invoke_agent packer', 'invoke_agent greeter'],
  anthropic: ['invoke_workflow library'],
  bullmq: ['invoke_workflow shop'],
  amqplib: ['invoke_workflow desk'],
  kafkajs: ['invoke_workflow intake'],
  mcp: ['invoke_workflow stock-check'],
  resilience: ['invoke_workflow resilience'],
};

test.each(frameworks)(
  '%s sends the tree beside it, as protobuf, and is shown with its nesting, kinds, agents, models and tokens',
  async (framework) => {
    const recorder = await startOtlpRecorder(collector.endpoint);
    expect(await runExample(framework, recorder.endpoint)).toMatch(
      new RegExp(`^${framework}: .+\\n$`),
    );
    await recorder.stop();
    expect(new Set(recorder.contentTypes)).toEqual(new Set(['application/x-protobuf']));
    await expect(toSpanTree(recorder.spans)).toMatchFileSnapshot(`./${framework}/tree.txt`);

    await untilStored(collector.endpoint);
    const found = await findTraces(roots[framework]);
    expect(found).toHaveLength(roots[framework].length);
    const trees = await Promise.all(
      found.map(async ({ traceId }) => toSkeletonTree(await readSkeleton(traceId))),
    );
    await expect(trees.join('\n')).toMatchFileSnapshot(`./${framework}/collector-tree.txt`);
  },
);

test.each(frameworks)('%s says in one line when no collector answers', async (framework) => {
  const recorder = await startOtlpRecorder();
  await recorder.stop();
  const impatient = { OTEL_EXPORTER_OTLP_TIMEOUT: '500' };
  await expect(runExample(framework, recorder.endpoint, impatient)).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(/^The spans could not be sent, is the collector running\? .+\n$/),
  });
});

type Summary = { traceId: string; name: string; rootReceived: boolean };

/** In the order of `names`; only traces whose root has arrived. */
async function findTraces(names: readonly string[]): Promise<Summary[]> {
  const { traces } = await get<{ traces: Summary[] }>('/api/traces?from=now-15m');
  return names.flatMap((name) =>
    traces.filter((trace) => trace.name === name && trace.rootReceived),
  );
}

function readSkeleton(traceId: string): Promise<Skeleton> {
  return get(`/api/traces/${traceId}/skeleton`);
}

async function get<T>(path: string): Promise<T> {
  const response = await fetch(`${collector.endpoint}${path}`);
  const body = await response.text();
  expect(response.status, body).toBe(200);
  return JSON.parse(body);
}
