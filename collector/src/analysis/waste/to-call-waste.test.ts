import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sketchSpans, testBaseUnixNano, type Sketch } from '../../run-spans.testing.ts';
import type { ModelCall } from '../../run.ts';
import { analyzeSpans } from '../analyze-spans.ts';

const context = {
  projectId: 'shop',
  nowUnixNano: testBaseUnixNano + 60_000_000_000n,
  rules: { project: {}, workflows: new Map() },
};

/** What became of each call, by the name of its span: `class tokens`, or `-`. */
function wasteOf(sketches: readonly Sketch[]): Record<string, string> {
  const spans = sketchSpans(sketches);
  const names = new Map(spans.spans.map(({ spanId, name }) => [spanId, name]));
  const calls = analyzeSpans(spans, context).flatMap(({ modelCalls }) => modelCalls);
  return Object.fromEntries(calls.map((call) => [names.get(call.spanId) ?? '', toText(call)]));
}

function toText({ waste }: ModelCall): string {
  return waste === null ? '-' : `${waste.class} ${waste.tokens}`;
}

const run = (changes: Partial<Sketch> = {}): Sketch => ({
  id: 'run',
  kind: 'workflow',
  workflowName: 'refund',
  at: 0,
  until: 1000,
  ...changes,
});

const call = (id: string, at: number, changes: Partial<Sketch> = {}): Sketch => ({
  id,
  parent: 'run',
  kind: 'llm',
  provider: 'openai',
  model: 'gpt-5',
  at,
  until: at + 5,
  inputTokens: 2000,
  outputTokens: 100,
  costTrillionths: 5n,
  ...changes,
});

test('calls of a run that completed are of use', () => {
  expect(wasteOf([run(), call('a', 1), call('b', 10, { inputTokens: 50 })])).toEqual({
    a: '-',
    b: '-',
  });
});

test('a run that failed was for nothing, whatever else is wrong with its calls', () => {
  const failed = run({ status: 'error', errorType: 'Boom' });
  expect(wasteOf([failed, call('a', 1)])).toEqual({ a: 'failed_run 2100' });
});

test('a run that was left is told apart from one that failed', () => {
  const left = [run({ until: null }), call('a', 1)];
  const spans = sketchSpans(left);
  const later = { ...context, nowUnixNano: testBaseUnixNano + 86_400_000_000_000n };
  const [analysed] = analyzeSpans(spans, later);
  expect(analysed?.modelCalls.map(toText)).toEqual(['abandoned_run 2100']);
});

test('a try that failed and was made again is waste, the one that went well is not', () => {
  const tries = [
    run(),
    call('first', 1, { status: 'error', attempt: 1, name: 'chat' }),
    call('second', 10, { attempt: 2, name: 'chat' }),
  ];
  const spans = sketchSpans(tries);
  const [analysed] = analyzeSpans(spans, context);
  expect(analysed?.modelCalls.map(toText)).toEqual(['retried_attempt 2100', '-']);
});

test('of the same prompt asked again and again all but the first are waste', () => {
  const digests = [{ slot: 'input_messages', hash: 7 } as const];
  const again = [1, 10, 20, 30].map((at) => call(`at ${at}`, at, { digests }));
  expect(wasteOf([run(), ...again])).toEqual({
    'at 1': '-',
    'at 10': 'repeated_prompt 2100',
    'at 20': 'repeated_prompt 2100',
    'at 30': 'repeated_prompt 2100',
  });
});

test('context that was sent before and came from no cache counts by its tokens', () => {
  const growing = [2000, 4000, 6000].map((inputTokens, at) =>
    call(`turn ${at}`, 1 + at * 10, { inputTokens, cacheReadTokens: at === 2 ? 2000 : 0 }),
  );
  expect(wasteOf([run(), ...growing])).toEqual({
    'turn 0': '-',
    'turn 1': 'uncached_context 2000',
    'turn 2': 'uncached_context 2000',
  });
});

test.each<[name: string, first: Partial<Sketch>, second: Partial<Sketch>]>([
  ['the sender tells nothing of caches', {}, { inputTokens: 3000 }],
  ['the context shrank', { inputTokens: 9000 }, { inputTokens: 3000, cacheReadTokens: 0 }],
  ['it is too short to be cached', { inputTokens: 900 }, { inputTokens: 950, cacheReadTokens: 0 }],
  ['another model is asked', {}, { inputTokens: 3000, cacheReadTokens: 0, model: 'sonnet' }],
  ['the second began beside the first', { until: 50 }, { inputTokens: 3000, cacheReadTokens: 0 }],
])('context is not called uncached where %s', (_, first, second) => {
  expect(wasteOf([run(), call('a', 1, first), call('b', 20, second)])).toEqual({ a: '-', b: '-' });
});

test('a model that asked for tools in a run that was stopped before it read them', () => {
  const stopped = run({ attributes: { 'orchescope.run.outcome': 'cancelled' } });
  const asked = call('ask', 1, { finishReasons: ['tool_calls'] });
  const tool: Sketch = { id: 'search', parent: 'run', kind: 'tool', toolName: 'search', at: 20 };
  const [analysed] = analyzeSpans(sketchSpans([stopped, asked, tool]), context);
  expect(analysed?.status).toBe('cancelled');
  expect(analysed?.modelCalls.map(toText)).toEqual(['unused_tool_result 2100']);
});

test('a call is named after the tool it works for, and not after one that started an agent', () => {
  const spans = sketchSpans([
    run(),
    { id: 'sql', parent: 'run', kind: 'tool', toolName: 'sql', at: 1, until: 90 },
    call('writes sql', 2, { parent: 'sql' }),
    { id: 'helper', parent: 'sql', kind: 'agent', agentName: 'helper', at: 20, until: 80 },
    call('thinks', 21, { parent: 'helper' }),
  ]);
  const [analysed] = analyzeSpans(spans, context);
  expect(analysed?.modelCalls.map(({ tool }) => tool)).toEqual(['sql', '']);
});

test('whatever a run looks like, a call wastes no more tokens than it used', () => {
  const sketch = fc.record({
    parent: fc.constantFrom('run', 'a', 'b', ''),
    kind: fc.constantFrom('llm' as const, 'agent' as const, 'tool' as const, 'step' as const),
    at: fc.nat({ max: 100 }),
    status: fc.constantFrom('ok' as const, 'error' as const, 'unset' as const),
    attempt: fc.nat({ max: 3 }),
    inputTokens: fc.option(fc.nat({ max: 9000 })),
    cacheReadTokens: fc.option(fc.nat({ max: 9000 })),
    digests: fc.constantFrom([], [{ slot: 'input_messages' as const, hash: 1 }]),
  });
  fc.assert(
    fc.property(fc.array(sketch, { maxLength: 12 }), (drawn) => {
      const sketches = drawn.map((one, at) => ({ id: ['a', 'b', 'c'][at] ?? `s${at}`, ...one }));
      for (const { modelCalls } of analyzeSpans(sketchSpans([run(), ...sketches]), context)) {
        for (const { tokens, waste } of modelCalls) {
          const all = Object.values(tokens).reduce<number>((sum, part) => sum + (part ?? 0), 0);
          expect(waste?.tokens ?? 0).toBeLessThanOrEqual(all);
        }
      }
    }),
  );
});
