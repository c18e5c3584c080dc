import { registerAmbient } from '../ambient.ts';
import { safely } from '../safely.ts';
import { appPackageVersion } from './app-package.ts';
import { sharedTraces } from './openai-agents-current.ts';
import { pin, type Processor } from './openai-agents-provider.ts';
import type { AgentsSpan, AgentsTrace } from './openai-agents-parts.ts';
import { Traces } from './openai-agents-traces.ts';

export type { Processor } from './openai-agents-provider.ts';

const processorKey: unique symbol = Symbol.for('orchescope.sdk.openai-agents.processor') as never;

/**
 * A trace processor for the OpenAI Agents SDK, one for the process: traces are workflows, and agents, turns, model
 * calls, tools, handoffs, guardrails and custom spans stand below them. Calling it attaches it, before or after
 * `@openai/agents` is imported. OpenAI's own exporter goes on beside it, until `setTraceProcessors` replaces it.
 *
 * @example
 * openaiAgents(); // beside OpenAI's traces
 * setTraceProcessors([openaiAgents()]); // instead of them
 */
export const openaiAgents = (): Processor => {
  const holder = globalThis as { [processorKey]?: Processor };
  const processor = (holder[processorKey] ??= createProcessor());
  safely('attaching to OpenAI Agents', () => pin(processor));
  return processor;
};

/** Attaches where the program has the library, which it need not have loaded. */
export const attachOpenaiAgents = (): boolean => {
  const names = ['@openai/agents', '@openai/agents-core'];
  if (!names.some((name) => appPackageVersion(name) !== undefined)) return false;
  openaiAgents();
  return true;
};

/** The library awaits some of these and not others; none of them waits or throws. */
const createProcessor = (): Processor => {
  const traces = sharedTraces(() => new Traces());
  registerAmbient(() => traces.current());
  const told = (what: string, tell: () => void): Promise<void> => {
    safely(`${what} of OpenAI Agents`, tell);
    return Promise.resolve();
  };
  return {
    onTraceStart: (trace) => told('a trace', () => traces.startTrace(trace as AgentsTrace)),
    onTraceEnd: (trace) => told('a trace', () => traces.endTrace(trace as AgentsTrace)),
    onSpanStart: (span) => told('a span', () => traces.startSpan(span as AgentsSpan)),
    onSpanEnd: (span) => told('a span', () => traces.endSpan(span as AgentsSpan)),
    // Called as well when the processors are set anew, so it must not be the end of anything.
    shutdown: () => told('what is left', () => traces.settle()),
    forceFlush: () => told('what is left', () => traces.settle()),
  };
};
