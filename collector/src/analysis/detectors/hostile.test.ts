/** Detectors on spans that nobody would send, unless to break something. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { sketchSpans, type Sketch } from '../../run-spans.testing.ts';
import { spanKinds } from '../../span.ts';
import { toTestInput } from './input.testing.ts';
import { runDetectors } from './run-detectors.ts';

const word = fc.constantFrom('a', 'b', 'c', '', '__proto__', '\u202E\n');
const eventName = fc.constantFrom(
  'loop',
  'retry',
  'budget',
  'rejected',
  'terminate',
  'fallback',
  'vote',
  'interrupt',
  'read',
  'write',
  'conflict',
  'dead_letter',
  'queue',
  'worker',
  'checkpoint',
  'escalation',
);
const value = fc.oneof(
  fc.constant('repeat'),
  fc.constant('budget'),
  fc.constant('a>b'),
  fc.constantFrom('a', 'b', 's1', 'action', 'compensation', 'node', 'branch', 'conflict'),
  fc.constantFrom('backpressure', 'overloaded', 'saga', 'refused', '[{"id":"a"},{"id":"b"}]'),
  fc.constant(['a', 'b']),
  fc.double(),
  fc.bigInt(),
);
const keys = [
  'orchescope.loop.kind',
  'orchescope.loop.signature',
  'orchescope.loop.period',
  'orchescope.loop.repeats',
  'orchescope.budget.used',
  'orchescope.budget.limit',
  'orchescope.rejected.by',
  'orchescope.step.progress',
  'orchescope.step.type',
  'http.request.resend_count',
  'orchescope.wait.for',
  'orchescope.resource.name',
  'orchescope.resource.version',
  'orchescope.resource.base_version',
  'orchescope.queue.name',
  'orchescope.queue.wait',
  'orchescope.queue.message.id',
  'orchescope.worker.id',
  'orchescope.worker.state',
  'orchescope.step.id',
  'orchescope.step.depends_on',
  'orchescope.plan.tasks',
  'orchescope.plan.version',
  'orchescope.handoff.outcome',
  'orchescope.handoff.allowed',
  'orchescope.workflow.pattern',
  'orchescope.run.outcome',
  'orchescope.dead_letter.attempts',
];
const attributes = fc.dictionary(fc.constantFrom(...keys), value, { maxKeys: 6 });

const sketch: fc.Arbitrary<Sketch> = fc.record({
  id: fc.constantFrom(...Array.from({ length: 12 }, (_, n) => `s${n}`)),
  parent: fc.constantFrom('', 'gone', ...Array.from({ length: 12 }, (_, n) => `s${n}`)),
  at: fc.integer({ min: 0, max: 50 }),
  until: fc.oneof(fc.constant(null), fc.integer({ min: 50, max: 20_000 })),
  kind: fc.constantFrom(...spanKinds),
  name: word,
  agentName: word,
  toolName: word,
  model: word,
  handoffFrom: word,
  handoffTo: word,
  status: fc.constantFrom('ok' as const, 'error' as const),
  errorType: word,
  attempt: fc.integer({ min: 0, max: 5 }),
  inputTokens: fc.oneof(fc.constant(null), fc.integer({ min: 0, max: 1e6 })),
  timeToFirstChunk: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1e9 })),
  costTrillionths: fc.oneof(fc.constant(null), fc.bigInt({ min: 0n, max: 10n ** 15n })),
  attributes,
  events: fc.array(
    fc.record({
      name: eventName.map((name) => `orchescope.${name}`),
      at: fc.integer({ min: 0, max: 99 }),
      attributes,
    }),
    { maxLength: 4 },
  ),
  links: fc.array(
    fc.record({
      to: fc.constantFrom('s1', 's2', 'gone'),
      rel: fc.constantFrom('retries', 'resumes', 'fan_in', 'caused_by', 'compensates'),
    }),
    {
      maxLength: 2,
    },
  ),
  digests: fc.array(
    fc.record({
      slot: fc.constantFrom(
        'tool_arguments' as const,
        'tool_result' as const,
        'input_messages' as const,
      ),
      hash: fc.integer({ min: 0, max: 2 }),
    }),
    { maxLength: 2 },
  ),
});
const sketches = fc.uniqueArray(sketch, { maxLength: 12, selector: ({ id }) => id });

test('no detector breaks, and the order of spans changes nothing', () => {
  fc.assert(
    fc.property(sketches, fc.integer({ min: -1e9, max: 1e9 }), (sketches, nowMs) => {
      const verdicts = runDetectors(toTestInput(sketchSpans(sketches), nowMs));
      expect(verdicts.failedDetectors).toEqual([]);
      for (const { sentence, waste, spans, threshold } of verdicts.findings) {
        expect(sentence).not.toMatch(/undefined|NaN|null|\n|\u202E/);
        expect(spans.length).toBeGreaterThan(0);
        expect(threshold.measured).not.toBeNaN();
        expect(waste.ms ?? 0).toBeGreaterThanOrEqual(0);
        expect(waste.tokens ?? 0).toBeGreaterThanOrEqual(0);
      }
      const turned = runDetectors(toTestInput(sketchSpans(sketches.toReversed()), nowMs));
      expect(turned).toEqual(verdicts);
    }),
    { numRuns: 500 },
  );
});

const wide = (count: number): Sketch[] => [
  { id: 'root', kind: 'agent', until: null },
  ...Array.from({ length: count }, (_, n): Sketch => ({
    id: `${n}`,
    parent: 'root',
    kind: n % 2 === 0 ? 'tool' : 'llm',
    toolName: 't',
    at: n,
    status: 'error',
    attempt: n,
    inputTokens: n,
  })),
];
const deep = (count: number): Sketch[] =>
  Array.from({ length: count }, (_, n): Sketch => ({
    id: `${n}`,
    parent: n === 0 ? '' : `${n - 1}`,
    kind: n % 3 === 0 ? 'agent' : n % 3 === 1 ? 'step' : 'tool',
    agentName: `a${n}`,
    at: n,
    until: 2 * count - n,
    status: 'error',
    errorType: 'X',
    attempt: 2,
  }));

test.each([
  ['side by side', wide],
  ['one within the other', deep],
])('thirty thousand spans %s are judged', (_, make) => {
  const { failedDetectors } = runDetectors(toTestInput(sketchSpans(make(30_000))));
  expect(failedDetectors).toEqual([]);
});
