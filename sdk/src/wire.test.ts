import { SpanKind } from '@opentelemetry/api';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { relations } from './attributes.ts';
import type { EventFacts, OrchEvent } from './events.ts';
import { emit, run, start, type AnySpec, type Facts, type Kind } from './index.ts';
import { settings } from './settings.ts';
import { record, type Recording } from './test/record.ts';

/** Every fact of every kind: one more in `Facts` and this does not compile. */
const everyFact: {
  readonly [K in Kind]: { readonly [F in keyof Required<Facts[K]>]: Facts[K][F] };
} = {
  workflow: {
    pattern: 'router',
    runId: 'run-1',
    version: '2',
    input: { q: 1 },
    output: [2],
    outcome: 'interrupted',
    reason: 'waits for Ann',
  },
  agent: { id: 'a-1', role: 'director', version: '3', input: 'in', output: 'out' },
  llm: {
    provider: 'openai',
    model: 'm',
    responseModel: 'm-2026',
    responseId: 'r-1',
    finishReasons: ['stop'],
    usage: {
      inputTokens: 5,
      outputTokens: 4,
      cacheReadTokens: 3,
      cacheWriteTokens: 2,
      reasoningTokens: 1,
    },
    costUsd: 0.25,
    stream: true,
    input: 'hello',
    output: [{ role: 'assistant', content: 'hi' }],
  },
  embedding: { provider: 'openai', model: 'e', usage: { inputTokens: 7 }, dimensions: 8 },
  tool: { callId: 'c-1', type: 'function', args: { a: 1 }, result: { b: 2 } },
  retrieval: {
    source: 'handbook',
    query: 'holidays',
    topK: 3,
    documents: [{ id: 'd-1', score: 0.5 }, { id: 'd-2' }],
  },
  plan: { version: 2, tasks: [{ id: 't-1' }, { id: 't-2', dependsOn: ['t-1'] }] },
  step: {
    type: 'node',
    id: 's-1',
    index: 0,
    of: 2,
    dependsOn: ['s-0'],
    waitsFor: 'reviewer',
    resource: 'the plan',
    loop: 'fix',
    iteration: 1,
    attempt: 2,
    progress: '3 open',
    input: 1,
    output: 2,
  },
  route: {
    candidates: ['a', 'b'],
    selected: 'a',
    confidence: 0.4,
    threshold: 0.6,
    escalated: true,
  },
  handoff: {
    from: 'a',
    to: 'b',
    hop: 1,
    allowed: ['b'],
    reason: 'knows more',
    accepted: true,
  },
  send: { system: 'redis', destination: 'jobs', messageId: 'm-1', key: 'k' },
  process: { system: 'redis', destination: 'jobs', messageId: 'm-1', attempt: 2, queuedMs: 1_500 },
  guardrail: { triggered: true, action: 'block' },
};

const everyEvent: { readonly [T in keyof EventFacts]: Required<EventFacts[T]> } = {
  retry: { attempt: 1, max: 3, delayMs: 500, reason: 'rate_limited', withContext: true },
  fallback: { from: 'a', to: 'b' },
  breaker: { name: 'gpt', state: 'half_open' },
  rejected: { by: 'rate_limit', target: 'search', retryAfterMs: 250 },
  escalation: { to: 'a person', reason: 'unsure' },
  review: { verdict: 'revise', score: 0.5, feedback: 'shorter' },
  replan: { version: 2, added: 1, removed: 3 },
  vote: { round: 1, agreement: 0.6, winner: 'a' },
  terminate: { reason: 'max_rounds' },
  read: { resource: 'the plan', version: 1, by: 'a reader' },
  write: { resource: 'the plan', version: 'etag-2', basedOn: 1, by: 'a writer' },
  conflict: { key: 'doc', strategy: 'last_write', winner: 'b', resource: 'the plan' },
  checkpoint: { op: 'save', id: 'c-1', step: 'draft' },
  interrupt: { reason: 'approval' },
  partial: { ok: 2, failed: 1, policy: 'most' },
  queue: { name: 'jobs', depth: 3, waitMs: 1_500, priority: 1 },
  worker: { id: 'w1', state: 'overloaded', load: 0.9, pool: 'readers' },
  dead_letter: { destination: 'jobs.dead', reason: 'poison', attempts: 3 },
  appended: { stream: 'orders', version: 7, event: 'OrderPlaced' },
  budget: { unit: 'tokens', used: 800, limit: 1_000 },
  loop: { kind: 'cycle', period: 3, repeats: 3, signature: 'a>b>c' },
};

let recording: Recording;

beforeEach(() => {
  recording = record();
});
afterEach(() => recording.stop());

const toText = (head: string, attributes: Readonly<Record<string, unknown>> = {}): string =>
  [
    head,
    ...Object.keys(attributes)
      .toSorted()
      .map((name) => line(name, attributes[name])),
    '',
  ].join('\n');

const line = (name: string, value: unknown): string => `    ${name} = ${JSON.stringify(value)}`;

test.each(['off', 'metadata', 'full'] as const)(
  'every fact of every kind, with capture %s',
  async (capture) => {
    settings().capture = capture;
    for (const [kind, facts] of Object.entries(everyFact))
      run({ kind, name: 'n', ...facts } as unknown as AnySpec as never, () => {});
    const text = recording
      .spans()
      .map(({ name, kind, attributes }) => toText(`${name}  (${SpanKind[kind]})`, attributes));
    await expect(text.join('\n')).toMatchFileSnapshot(`./test/kinds-${capture}.golden.txt`);
  },
);

test.each(['off', 'full'] as const)('every event, with capture %s', async (capture) => {
  settings().capture = capture;
  const op = start({ kind: 'agent', name: 'a' });
  for (const [type, fields] of Object.entries(everyEvent))
    op.emit({ type, ...fields } as unknown as OrchEvent);
  op.end();
  const text = recording
    .span('invoke_agent a')
    .events.map(({ name, attributes }) => toText(name, attributes));
  await expect(text.join('\n')).toMatchFileSnapshot(`./test/events-${capture}.golden.txt`);
});

test('there are 13 kinds and 21 events', () => {
  expect([Object.keys(everyFact).length, Object.keys(everyEvent).length]).toEqual([13, 21]);
});

test('a step that waits names who waits and for whom', () => {
  run({ kind: 'agent', name: 'writer' }, () => {
    run({ kind: 'step', name: 'facts', type: 'wait', waitsFor: 'researcher' }, () => {});
    run({ kind: 'step', name: 'all', type: 'wait', waitsFor: ['a', 'b'] }, () => {});
    run({ kind: 'step', name: 'lunch', type: 'wait' }, () => {});
  });
  const named = ['facts', 'all', 'lunch'].map((name) => {
    const { attributes } = recording.span(`step ${name}`);
    return [attributes['gen_ai.agent.name'], attributes['orchescope.wait.for']];
  });
  expect(named).toEqual([
    ['writer', ['researcher']],
    ['writer', ['a', 'b']],
    [undefined, undefined],
  ]);
});

test('whoever reads and writes is the agent at work, unless another is named', () => {
  run({ kind: 'agent', name: 'planner' }, (op) => {
    run({ kind: 'step', name: 'save', type: 'action' }, () => {
      emit({ type: 'write', resource: 'plan', basedOn: 1, version: 2 });
    });
    op.emit({ type: 'read', resource: 'plan', by: 'clerk' });
  });
  emit({ type: 'read', resource: 'plan' });
  const writers = ['step save', 'invoke_agent planner'].flatMap((name) =>
    recording.span(name).events.map(({ attributes }) => attributes?.['gen_ai.agent.name']),
  );
  expect(writers).toEqual(['planner', 'clerk']);
});

test.each(relations)('a link %s, at the start and later', (rel) => {
  const first = start({ kind: 'step', name: 'first', type: 'stage' });
  first.end();
  const links = [{ to: first.carrier(), rel }];
  run({ kind: 'step', name: 'next', type: 'stage', links }, (op) =>
    op.link(first.span.spanContext(), rel),
  );
  const { spanId } = first.span.spanContext();
  expect(
    recording
      .span('step next')
      .links.map(({ context, attributes }) => [context.spanId, attributes]),
  ).toEqual([
    [spanId, { 'orchescope.link.rel': rel }],
    [spanId, { 'orchescope.link.rel': rel }],
  ]);
});
