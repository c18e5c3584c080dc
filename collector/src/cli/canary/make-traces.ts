/** The traces of one run of the canary: small, alike, and each to be told from all others. */
import { randomBytes } from 'node:crypto';
import type { CanarySpan } from './encode-traces.ts';

export const canaryService = 'orchescope-canary';
/** A project of its own: nobody's lists and totals change. */
export const canaryProject = 'orchescope-canary';
export const runAttribute = 'orchescope.canary.run';

export type CanaryTrace = {
  readonly traceId: string;
  readonly callSpanId: string;
  /** Stands in the messages of its model call, and nowhere else. */
  readonly word: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly spans: readonly CanarySpan[];
};

const nanosPerMs = 1_000_000n;

export function makeTraces(runId: string, count: number, nowMs: number): CanaryTrace[] {
  return Array.from({ length: count }, (_, number) => makeTrace(runId, number, nowMs));
}

function makeTrace(runId: string, number: number, nowMs: number): CanaryTrace {
  const traceId = randomBytes(16).toString('hex');
  const [rootId = '', callSpanId = '', toolId = ''] = [8, 8, 8].map((size) =>
    randomBytes(size).toString('hex'),
  );
  const word = `canary${randomBytes(8).toString('hex')}`;
  const inputTokens = 100 + number;
  const outputTokens = 10 + number;
  const at = (ms: number): bigint => BigInt(nowMs - 100 + ms) * nanosPerMs;
  const span = (
    spanId: string,
    parentSpanId: string,
    name: string,
    [from, to]: readonly [number, number],
    attributes: CanarySpan['attributes'],
  ): CanarySpan => {
    const [startTimeUnixNano, endTimeUnixNano] = [at(from), at(to)];
    return { traceId, spanId, parentSpanId, name, startTimeUnixNano, endTimeUnixNano, attributes };
  };
  const spans = [
    span(rootId, '', 'invoke_agent canary', [0, 100], {
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'canary',
      [runAttribute]: runId,
    }),
    span(callSpanId, rootId, 'chat canary', [10, 60], {
      'gen_ai.operation.name': 'chat',
      'gen_ai.request.model': 'canary',
      'gen_ai.usage.input_tokens': inputTokens,
      'gen_ai.usage.output_tokens': outputTokens,
      'gen_ai.input.messages': toMessages('user', `Sing ${word}`),
      'gen_ai.output.messages': toMessages('assistant', 'Tweet'),
    }),
    span(toolId, rootId, 'execute_tool sing', [60, 90], {
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'sing',
    }),
  ];
  return { traceId, callSpanId, word, inputTokens, outputTokens, spans };
}

function toMessages(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}
