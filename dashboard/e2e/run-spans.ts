/** Runs with a fault that detectors find, as spans; and waiting until a run is judged. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FindingGroups } from 'orchescope/contract';
import type { TestSpan } from './spans.ts';

type Names = { readonly workflow: string; readonly agent: string; readonly tool: string };

/**
 * A workflow whose agent asks a model, calls a tool, and gets the same answer every time. Its ids begin at `firstId`, and
 * it is said to belong to the run, so that several traces may be one.
 */
export function loopSpans(
  { workflow, agent, tool }: Names,
  at: {
    readonly traceId: string;
    readonly runId: string;
    readonly firstId: number;
    readonly agoMs: number;
    readonly rounds: number;
  },
): TestSpan[] {
  const { traceId, rounds } = at;
  const id = (number: number): string => (at.firstId + number).toString(16).padStart(16, 'c');
  const root = { traceId, spanId: id(0), name: `invoke_workflow ${workflow}` };
  const owner = { traceId, spanId: id(1), parentSpanId: id(0), name: `invoke_agent ${agent}` };
  const run = ['orchescope.run.id', at.runId] as const;
  const spans: TestSpan[] = [
    {
      ...root,
      agoMs: at.agoMs,
      durationMs: rounds * 1000 + 500,
      attributes: [
        ['gen_ai.operation.name', 'invoke_workflow'],
        ['gen_ai.workflow.name', workflow],
        run,
      ],
    },
    {
      ...owner,
      agoMs: at.agoMs - 100,
      durationMs: rounds * 1000,
      attributes: [['gen_ai.operation.name', 'invoke_agent'], ['gen_ai.agent.name', agent], run],
    },
  ];
  for (let round = 0; round < rounds; round += 1) {
    const agoMs = at.agoMs - 200 - round * 1000;
    spans.push(
      {
        traceId,
        spanId: id(100 + round),
        parentSpanId: id(1),
        name: 'chat gpt-5-mini',
        agoMs,
        durationMs: 500,
        attributes: [
          ['gen_ai.operation.name', 'chat'],
          ['gen_ai.request.model', 'gpt-5-mini'],
          ['gen_ai.usage.input_tokens', 1000],
          ['gen_ai.usage.output_tokens', 50],
        ],
      },
      {
        traceId,
        spanId: id(200 + round),
        parentSpanId: id(1),
        name: `execute_tool ${tool}`,
        agoMs: agoMs - 550,
        durationMs: 300,
        attributes: [
          ['gen_ai.operation.name', 'execute_tool'],
          ['gen_ai.tool.name', tool],
          ['gen_ai.tool.call.arguments', '{"id":7}'],
          ['gen_ai.tool.call.result', '{"found":false}'],
        ],
      },
    );
  }
  return spans;
}

const pollMs = 100;
const patienceMs = 100_000;

/** Resolves when the project has so many runs, and so many findings: a few seconds after their spans. */
export async function untilJudged(
  origin: string,
  project: string,
  wanted: { readonly runs: number; readonly findings?: number },
): Promise<void> {
  const startedMs = performance.now();
  for (;;) {
    const { runCount, groups } = await readGroups(origin, project);
    const count = groups.reduce((sum, group) => sum + group.count, 0);
    if (runCount >= wanted.runs && count >= (wanted.findings ?? 0)) return;
    if (performance.now() - startedMs > patienceMs) {
      throw new Error(
        `wait for ${wanted.runs} runs of ${project} to be judged: ${runCount} are, with ${count} findings`,
      );
    }
    await sleep(pollMs);
  }
}

async function readGroups(origin: string, project: string): Promise<FindingGroups> {
  const url = `${origin}/api/findings?project=${project}`;
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`GET ${url} answered ${response.status}: ${await response.text()}`);
  return (await response.json()) as FindingGroups;
}
