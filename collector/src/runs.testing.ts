/** Runs for tests of what is made of runs: one to change, and any number of arbitrary ones. */
import * as fc from 'fast-check';
import {
  breakerStates,
  findingKinds,
  findingSeverities,
  handoffOutcomes,
  runStatuses,
  wasteClasses,
} from './run.ts';
import type { Finding, ModelCall, Run } from './run.ts';
import { costSources, priceMatches } from './span.ts';

const minuteNs = 60_000_000_000;
const traceId = 'a'.repeat(32);
const ref = { traceId, spanId: 'b'.repeat(16) };

/** Completed in a second, and did nothing. */
export const oneRun: Run = {
  projectId: 'default',
  runId: 'run-1',
  analysisVersion: 1,
  workflow: '',
  workflowVersion: '',
  rootName: '',
  rootTraceId: traceId,
  rootSpanId: ref.spanId,
  status: 'completed',
  statusReason: '',
  errorType: '',
  pattern: 'unknown',
  patternReason: '',
  startUnixNano: 1_790_000_000_000_000_000n,
  endUnixNano: 1_790_000_001_000_000_000n,
  lastActivityUnixNano: 1_790_000_001_000_000_000n,
  durationNs: 1_000_000_000,
  activeNs: 1_000_000_000,
  waitingNs: 0,
  traceIds: [traceId],
  services: [],
  serviceVersion: '',
  environment: '',
  agents: [],
  models: [],
  tools: [],
  conversationId: '',
  userId: '',
  tags: [],
  spanCount: 1,
  leftOutSpanCount: 0,
  errorCount: 0,
  toolCallCount: 0,
  failedToolCallCount: 0,
  retryCount: 0,
  tokens: { input: null, cacheRead: null, cacheWrite: null, output: null, reasoning: null },
  costTrillionths: null,
  unpricedCallCount: 0,
  agentCalls: [],
  modelCalls: [],
  handoffs: [],
  breakerTransitions: [],
  queueTakes: [],
  criticalPath: { shares: [], costOnPathTrillionths: 0n, slack: [] },
  findings: [],
  failedDetectors: [],
};

export const oneFinding: Finding = {
  kind: 'loop',
  variant: '',
  severity: 'warning',
  subject: 'planner',
  sentence: 'It went round.',
  advice: 'Stop it.',
  spans: [ref],
  spanCount: 1,
  waste: { ms: null, tokens: null, costTrillionths: null },
  threshold: { name: 'repeats', value: 3, measured: 4 },
};

/** Few names and round times, so that groups are shared and moments fall on the edges of windows. */
const agent = fc.constantFrom('planner', 'writer', '');
const orNull = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null });
const tokens = orNull(fc.nat({ max: 100_000 }));
const trillionths = orNull(fc.bigInt({ min: 0n, max: 5_000_000_000_000n }));
const nanoseconds = fc.oneof(
  fc.nat({ max: 3_000_000_000 }),
  fc.nat({ max: 90 }).map((n) => n * minuteNs),
);
/** Of the run's duration. */
const share = fc.oneof(fc.constantFrom(0, 0.5, 1), fc.double({ min: 0, max: 1, noNaN: true }));

/** Runs of three hours after `originUnixNano`, each with calls, handoffs and more within its time. */
export function anyRun(originUnixNano: bigint): fc.Arbitrary<Run> {
  const start = fc.oneof(
    fc.nat({ max: 180 }).map((n) => n * minuteNs),
    fc.nat({ max: 180 * minuteNs }),
  );
  return fc
    .record({
      runId: fc.uuid(),
      start,
      durationNs: nanoseconds,
      status: fc.constantFrom(...runStatuses),
      workflow: fc.constantFrom('refund', 'report', ''),
      workflowVersion: fc.constantFrom('1', ''),
      serviceVersion: fc.constantFrom('v9', ''),
      environment: fc.constantFrom('prod', 'test'),
      retryCount: fc.nat({ max: 5 }),
      toolCallCount: fc.nat({ max: 9 }),
      failedToolCallCount: fc.nat({ max: 9 }),
      costTrillionths: trillionths,
      kinds: fc.array(fc.constantFrom(...findingKinds.slice(0, 3)), { maxLength: 3 }),
    })
    .chain(({ start, kinds, ...drawn }) => {
      const startUnixNano = originUnixNano + BigInt(start);
      const at = share.map((part) => startUnixNano + BigInt(Math.floor(part * drawn.durationNs)));
      const endUnixNano = startUnixNano + BigInt(drawn.durationNs);
      const own: Run = {
        ...oneRun,
        ...drawn,
        startUnixNano,
        endUnixNano: drawn.status === 'running' ? 0n : endUnixNano,
        lastActivityUnixNano: endUnixNano,
        findings: kinds.map((kind) => Object.assign({}, oneFinding, { kind })),
      };
      return inside(at, endUnixNano).map((parts) => Object.assign({}, own, parts));
    });
}

function inside(at: fc.Arbitrary<bigint>, endUnixNano: bigint) {
  const stretch = fc
    .record({ from: at, until: at, isOpen: fc.boolean() })
    .map(({ from, until, isOpen }) => {
      const startUnixNano = from < until ? from : until;
      const end = from < until ? until : from;
      return {
        startUnixNano,
        durationNs: isOpen ? null : Number((end < endUnixNano ? end : endUnixNano) - startUnixNano),
      };
    });
  const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { maxLength: 4 });
  return fc.record({
    agentCalls: some(
      fc
        .tuple(stretch, agent, fc.boolean())
        .map(([when, agent, failed]) => Object.assign({ agent, failed }, ref, when)),
    ),
    modelCalls: some(
      fc.tuple(stretch, anyModelCall).map(([when, call]) => Object.assign(call, when)),
    ),
    handoffs: some(
      fc.record({
        traceId: fc.constant(traceId),
        spanId: fc.constant(ref.spanId),
        from: agent,
        to: agent,
        timeUnixNano: at,
        outcome: fc.constantFrom(...handoffOutcomes),
        latencyNs: orNull(nanoseconds),
        contextTokens: tokens,
      }),
    ),
    breakerTransitions: some(
      fc.record({
        traceId: fc.constant(traceId),
        spanId: fc.constant(ref.spanId),
        breaker: fc.constantFrom('search', 'pay'),
        state: fc.constantFrom(...breakerStates),
        timeUnixNano: at,
      }),
    ),
    queueTakes: some(
      fc.record({
        traceId: fc.constant(traceId),
        spanId: fc.constant(ref.spanId),
        queue: fc.constantFrom('jobs', 'mails'),
        timeUnixNano: at,
        waitNs: orNull(nanoseconds),
        failed: fc.boolean(),
      }),
    ),
  });
}

const anyModelCall: fc.Arbitrary<Omit<ModelCall, 'startUnixNano' | 'durationNs'>> = fc.record({
  traceId: fc.constant(traceId),
  spanId: fc.constant(ref.spanId),
  model: fc.constantFrom('gpt-5', 'sonnet'),
  provider: fc.constant('openai'),
  agent,
  failed: fc.boolean(),
  firstTokenNs: orNull(nanoseconds),
  tokens: fc.record({
    input: tokens,
    cacheRead: tokens,
    cacheWrite: tokens,
    output: tokens,
    reasoning: tokens,
  }),
  costTrillionths: trillionths,
  tool: fc.constantFrom('', 'search'),
  costSource: fc.constantFrom(...costSources),
  computedTrillionths: trillionths,
  priceMatch: fc.constantFrom(...priceMatches),
  waste: fc.constantFrom(null, ...wasteClasses.map((name) => ({ class: name, tokens: 7 }))),
});

/** For tests of findings. */
export const anyFinding: fc.Arbitrary<Finding> = fc
  .record({
    kind: fc.constantFrom(...findingKinds.slice(0, 4)),
    severity: fc.constantFrom(...findingSeverities),
    subject: fc.constantFrom('planner', 'writer', 'search'),
    waste: fc.record({ ms: orNull(fc.nat({ max: 9_999 })), tokens, costTrillionths: trillionths }),
  })
  .map((drawn) => Object.assign({}, oneFinding, drawn));
