import { orchescope } from '@orchescope/sdk/attributes';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRecording, recordings } from '../../recordings.testing.ts';
import type { RunSpans } from '../../run-span.ts';
import type { RunPattern } from '../../run.ts';
import { sketchSpans, type Sketch } from '../../run-spans.testing.ts';
import { spanKinds } from '../../span.ts';
import { tellAgent, times, underWorkflow } from '../detectors/shapes.testing.ts';
import { splitRuns } from '../stitch/split-runs.ts';
import { toRunTree } from '../tree/run-tree.ts';
import { recognizePattern } from './recognize-pattern.ts';

async function readRuns(name: string): Promise<readonly RunSpans[]> {
  const runs = splitRuns(await readRecording(name)).map(({ spans }) => spans);
  return runs.toSorted((a, b) => (a.spans[0]?.startNs ?? 0) - (b.spans[0]?.startNs ?? 0));
}

const recognize = (spans: RunSpans): RunPattern => recognizePattern(toRunTree(spans)).pattern;
const sketched = (sketches: readonly Sketch[]) =>
  recognizePattern(toRunTree(sketchSpans(sketches)));

function withoutDeclared(spans: RunSpans): RunSpans {
  const bare = spans.spans.map((span) => {
    const attributes = new Map(span.attributes);
    attributes.delete(orchescope.workflowPattern);
    return Object.assign({}, span, { attributes });
  });
  return { ...spans, spans: bare };
}

function toDeclared({ spans }: RunSpans): string {
  const told = spans.map(({ attributes }) => attributes.get(orchescope.workflowPattern));
  return String(told.find((value) => value !== undefined) ?? '');
}

/** What the words of the example programs mean here; a saga, a queue and a degradation are no patterns of ours. */
const same: Readonly<Record<string, RunPattern>> = {
  group_chat: 'group_chat',
  handoff: 'handoff',
  hierarchical: 'hierarchical',
  hub_and_spoke: 'supervisor',
  parallel: 'concurrent',
  peer: 'swarm',
  plan_execute: 'plan_first',
  router: 'router',
  sequential: 'sequential',
  supervisor: 'supervisor',
  swarm: 'swarm',
  debate: 'debate',
};

test('the shape alone tells what the example programs declare, or there is a reason why not', async () => {
  const told: string[] = [];
  const differs: string[] = [];
  for (const name of recordings.get('patterns') ?? []) {
    for (const run of await readRuns(name)) {
      const declared = toDeclared(run);
      if (declared === '') continue;
      const pattern = recognize(withoutDeclared(run));
      const line = `${name.replace('patterns/', '')}: ${declared} is told as ${pattern}`;
      (pattern === same[declared] ? told : differs).push(line);
    }
  }
  expect(differs).toEqual([
    // One agent takes from the queue.
    'async-task-queue: queue is told as single',
    // Two agents wait for letters, and no span takes one.
    'deadlock: peer is told as concurrent',
    'deadlock: peer is told as concurrent',
    // Whatever was fallen back to: an agent, another agent, branches.
    'graceful-degradation: degradation is told as single',
    'graceful-degradation: degradation is told as sequential',
    'graceful-degradation: degradation is told as concurrent',
    'graceful-degradation: degradation is told as concurrent',
    'graceful-degradation: degradation is told as concurrent',
    // Its actions are stages.
    'saga: saga is told as sequential',
    'saga: saga is told as sequential',
    // The first stage failed, and there is no other.
    'sequential-pipeline: sequential is told as unknown',
  ]);
  expect(new Set(told.map((line) => line.split(' ')[1])).size).toBe(Object.keys(same).length);
});

test.each<[name: string, patterns: readonly RunPattern[]]>([
  ['agent-framework/workflow', ['sequential']],
  ['ai-sdk/agent-with-tools', ['supervisor', 'single']],
  ['autogen/team', ['group_chat']],
  ['claude-code/session', ['single']],
  ['crewai/crew', ['sequential']],
  ['gemini-cli/turn', ['supervisor']],
  ['gen-ai/plain-otel', ['concurrent']],
  ['google-adk/transfer', ['handoff']],
  ['google-adk/python-transfer', ['handoff']],
  ['langsmith/weather', ['sequential']],
  ['mastra/agent-and-workflow', ['single', 'router']],
  ['openai-agents/weather', ['handoff']],
  ['openinference/langgraph', ['supervisor']],
  ['openinference/langgraph-agents', ['single']],
  ['openinference/python-langchain', ['single']],
  ['openinference/python-anthropic', ['single', 'single']],
  ['pydantic-ai/version-5', ['supervisor', 'single']],
  ['semantic-kernel/agent', ['single']],
  ['strands/weather', ['single']],
  ['weave/conversation', ['supervisor']],
])('%s is told as %j', async (name, patterns) => {
  expect((await readRuns(name)).map(recognize)).toEqual(patterns);
});

const agentsInTurn = (...names: readonly string[]): readonly Sketch[] =>
  underWorkflow(
    'talk',
    names.map((agentName, n) => ({
      id: `${n}`,
      kind: 'agent',
      agentName,
      at: 100 * n,
      until: 100 * n + 90,
    })),
  );
const graph = (...names: readonly string[]): readonly Sketch[] =>
  underWorkflow(
    'graph',
    names.map((name, n) => ({ id: `${n}`, kind: 'step', name, at: 100 * n, until: 100 * n + 90 })),
  );

test.each<[story: string, pattern: RunPattern, spans: readonly Sketch[]]>([
  ['agents one after the other, each once', 'sequential', agentsInTurn('a', 'b', 'c')],
  ['one agent called three times', 'single', agentsInTurn('a', 'a', 'a')],
  ['three agents who come back to each other', 'group_chat', agentsInTurn('a', 'b', 'c', 'a', 'b')],
  [
    'an agent that is called thrice in a row is no chat',
    'sequential',
    agentsInTurn('a', 'b', 'b', 'b', 'c', 'c'),
  ],
  [
    'a graph that goes from model to tools and back',
    'unknown',
    graph('model', 'tools', 'model', 'tools', 'model'),
  ],
  [
    'a graph whose lead comes after each worker',
    'supervisor',
    graph('lead', 'a', 'lead', 'b', 'lead'),
  ],
  ['a graph whose lead has one worker', 'sequential', graph('lead', 'a', 'lead', 'a', 'lead')],
  [
    'turns of one agent',
    'single',
    tellAgent('ai-sdk', { agent: 'a', turns: times(5, () => ({})) }),
  ],
  [
    'a model call inside of a model call',
    'single',
    [
      { id: 'a', kind: 'llm', until: 9 },
      { id: 'b', parent: 'a', kind: 'llm' },
    ],
  ],
  ['nothing at all', 'unknown', []],
])('%s: %s', (_, pattern, spans) => {
  expect(sketched(spans).pattern).toBe(pattern);
});

test('what the sender declares goes before the shape, and the reason is that of the shape', () => {
  const declaring = (word: string): readonly Sketch[] =>
    underWorkflow('talk', agentsInTurn('a', 'b', 'c').slice(1), {
      attributes: { [orchescope.workflowPattern]: word },
    });
  expect(sketched(declaring('pipeline'))).toEqual({
    pattern: 'sequential',
    patternReason: '3 stages ran one after the other.',
  });
  expect(sketched(declaring('debate')).patternReason).toBe('Its sender says so.');
  expect(sketched(declaring('__proto__')).pattern).toBe('sequential');
});

const id = fc.constantFrom(...times(10, (n) => `s${n}`));
const name = fc.constantFrom('', 'a', 'b', '__proto__');
const sketch: fc.Arbitrary<Sketch> = fc.record({
  id,
  parent: fc.oneof(id, fc.constant('')),
  kind: fc.constantFrom(...spanKinds),
  agentName: name,
  handoffTo: name,
  at: fc.integer({ min: 0, max: 50 }),
  until: fc.oneof(fc.constant(null), fc.integer({ min: 50, max: 90 })),
});

test('any spans have a pattern and a reason, in whatever order they come', () => {
  const all = fc.uniqueArray(sketch, { selector: (span) => span.id });
  fc.assert(
    fc.property(all, (sketches) => {
      const { pattern, patternReason } = sketched(sketches);
      expect(patternReason).toMatch(/^\S.*\.$/);
      expect(sketched(sketches.toReversed()).pattern).toBe(pattern);
    }),
  );
});

test('thirty thousand agents, each in a step of the other, are hierarchical', () => {
  const deep = times(30_000, (n): Sketch => ({
    id: `${n}`,
    parent: n === 0 ? '' : `${n - 1}`,
    kind: n % 2 === 0 ? 'agent' : 'step',
    agentName: n % 2 === 0 ? `a${n}` : '',
    at: n,
    until: 60_000 - n,
  }));
  expect(sketched(deep).pattern).toBe('hierarchical');
});
