/** Runs of known cost: a workflow, its agent, and calls whose price the sender tells, or leaves to the list. */
import { spanIdOf, traceIdOf, type TestSpan } from './spans.ts';

export type TestCall = {
  readonly model: string;
  readonly agent?: string;
  /** As reported; left out = the price list tells, or nobody. */
  readonly usd?: number;
  readonly input?: number;
  readonly cached?: number;
  readonly output?: number;
};

export type TestRun = {
  /** Tells runs apart; ids begin at a hundred times as much. */
  readonly number: number;
  readonly workflow: string;
  readonly agent: string;
  readonly user?: string;
  readonly agoMs: number;
  readonly failed?: string;
  readonly calls: readonly TestCall[];
};

export function costSpans(run: TestRun): TestSpan[] {
  const { number, workflow, agent, agoMs, failed, calls, user = 'u-1' } = run;
  const traceId = traceIdOf(number);
  const id = (at: number): string => spanIdOf(number * 100 + at);
  const status = failed === undefined ? {} : { failed };
  const root: TestSpan = {
    traceId,
    spanId: id(0),
    name: `invoke_workflow ${workflow}`,
    agoMs,
    durationMs: 900,
    ...status,
    attributes: [
      ['gen_ai.operation.name', 'invoke_workflow'],
      ['gen_ai.workflow.name', workflow],
      ['user.id', user],
    ],
  };
  const agents = [...new Set(calls.map((call) => call.agent ?? agent))];
  const agentSpans = agents.map<TestSpan>((name, at) => ({
    traceId,
    spanId: id(1 + at),
    parentSpanId: id(0),
    name: `invoke_agent ${name}`,
    agoMs: agoMs - 10,
    durationMs: 800,
    ...status,
    attributes: [
      ['gen_ai.operation.name', 'invoke_agent'],
      ['gen_ai.agent.name', name],
    ],
  }));
  const callSpans = calls.map<TestSpan>((call, at) => ({
    traceId,
    spanId: id(20 + at),
    parentSpanId: id(1 + agents.indexOf(call.agent ?? agent)),
    name: `chat ${call.model}`,
    agoMs: agoMs - 20 - at * 20,
    durationMs: 15,
    attributes: [
      ['gen_ai.operation.name', 'chat'],
      ['gen_ai.provider.name', 'openai'],
      ['gen_ai.request.model', call.model],
      ['gen_ai.usage.input_tokens', call.input ?? 1000],
      ['gen_ai.usage.output_tokens', call.output ?? 100],
      ...(call.cached === undefined
        ? []
        : [['gen_ai.usage.cache_read.input_tokens', call.cached] as const]),
      ...(call.usd === undefined ? [] : [['gen_ai.usage.cost', call.usd] as const]),
    ],
  }));
  return [root, ...agentSpans, ...callSpans];
}
