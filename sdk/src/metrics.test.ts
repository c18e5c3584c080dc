import { afterEach, beforeEach, expect, test } from 'vitest';
import { record, type Recording } from './test/record.ts';
import { emit, observe, run } from './index.ts';

let recording: Recording;

beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const labels = async (metric: string) =>
  (await recording.points(metric)).map((point) => point.attributes);

test('each kind is timed under its own name, with names and enums for labels', async () => {
  run({ kind: 'workflow', name: 'w', pattern: 'router', runId: 'r-1' }, () =>
    run({ kind: 'agent', name: 'a', id: 'id-1' }, () => {
      run({ kind: 'tool', name: 't', callId: 'call-1' }, () => {});
      run({ kind: 'step', name: 's', type: 'stage', id: 'step-1' }, () => {});
    }),
  );
  expect(await labels('gen_ai.workflow.duration')).toEqual([
    {
      'orchescope.kind': 'workflow',
      'gen_ai.workflow.name': 'w',
      'orchescope.workflow.pattern': 'router',
    },
  ]);
  expect(await labels('gen_ai.invoke_agent.duration')).toEqual([
    { 'orchescope.kind': 'agent', 'gen_ai.agent.name': 'a' },
  ]);
  expect(await labels('gen_ai.execute_tool.duration')).toEqual([
    { 'orchescope.kind': 'tool', 'gen_ai.tool.name': 't', 'gen_ai.agent.name': 'a' },
  ]);
  expect(await labels('orchescope.operation.duration')).toEqual([
    { 'orchescope.kind': 'step', 'orchescope.step.type': 'stage' },
  ]);
});

test('tokens, cost and the wait for the first chunk of a model call', async () => {
  const stream = observe(
    function* words() {
      yield 'a';
    },
    { kind: 'llm', name: 'l', provider: 'p', model: 'm' },
  );
  expect([...stream()]).toEqual(['a']);
  run({ kind: 'llm', name: 'l', provider: 'p', model: 'm' }, (op) =>
    op.set({ usage: { inputTokens: 30, outputTokens: 4 }, costUsd: 0.5 }),
  );
  const common = {
    'orchescope.kind': 'llm',
    'gen_ai.provider.name': 'p',
    'gen_ai.request.model': 'm',
  };
  expect(await labels('gen_ai.client.operation.time_to_first_chunk')).toEqual([common]);
  const tokens = await recording.points('gen_ai.client.token.usage');
  expect(tokens.map((point) => [point.attributes, (point.value as { sum: number }).sum])).toEqual([
    [{ ...common, 'gen_ai.token.type': 'input' }, 30],
    [{ ...common, 'gen_ai.token.type': 'output' }, 4],
  ]);
  expect(await recording.points('orchescope.cost')).toMatchObject([
    { attributes: common, value: 0.5 },
  ]);
});

test('events are counted, also where there is no span', async () => {
  emit({ type: 'breaker', name: 'gpt', state: 'open' });
  emit({ type: 'breaker', name: 'gpt', state: 'open' });
  expect(await recording.points('orchescope.events')).toMatchObject([
    {
      attributes: {
        'orchescope.event.type': 'breaker',
        'orchescope.event.state': 'open',
        'orchescope.event.name': 'gpt',
      },
      value: 2,
    },
  ]);
});

test('a failed handoff is told apart from one that went well', async () => {
  run({ kind: 'handoff', name: 'x', from: 'a', to: 'b' }, () => {});
  run({ kind: 'handoff', name: 'x', from: 'a', to: 'b', ok: () => false }, () => {});
  expect((await labels('orchescope.handoffs')).map((one) => one['error.type'])).toEqual([
    undefined,
    'not_ok',
  ]);
});

test('names beyond the first 200 are counted together', async () => {
  for (let i = 0; i < 250; i += 1) run({ kind: 'guardrail', name: `g${i}` }, () => {});
  const points = await labels('orchescope.operation.duration');
  expect(points).toHaveLength(201);
  expect(points.at(-1)?.['orchescope.guardrail.name']).toBe('other');
});
