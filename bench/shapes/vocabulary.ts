import { genAi, orchescope } from '@orchescope/sdk/attributes';
import type { Random } from '../../examples/demo/random.ts';
import type { Attributes } from '../../examples/demo/otlp.ts';
import type { SpanSpec } from '../../examples/demo/trace.ts';

/** What every shape is made of: span names and attributes as the conventions write them. */

type Model = readonly [
  provider: string,
  name: string,
  inputUsdPerMillion: number,
  outputUsdPerMillion: number,
];

const models: readonly [Model, ...Model[]] = [
  ['openai', 'gpt-5.2', 1.75, 14],
  ['openai', 'gpt-5-mini', 0.25, 2],
  ['anthropic', 'claude-sonnet-4-5', 3, 15],
  ['gcp.gemini', 'gemini-3-flash', 0.5, 3],
];

export const agentNames = [
  'planner',
  'researcher',
  'coder',
  'reviewer',
  'writer',
  'critic',
] as const;
export const toolNames = [
  'web_search',
  'read_file',
  'run_tests',
  'sql_query',
  'send_mail',
] as const;

export function workflow(name: string): SpanSpec {
  return {
    name: `invoke_workflow ${name}`,
    attributes: operation('invoke_workflow', 'workflow', { [genAi.workflowName]: name }),
  };
}

export function agent(name: string): SpanSpec {
  return {
    name: `invoke_agent ${name}`,
    attributes: operation('invoke_agent', 'agent', { [genAi.agentName]: name }),
  };
}

export function step(name: string, attributes: Attributes = {}): SpanSpec {
  return {
    name: `step ${name}`,
    attributes: { [orchescope.kind]: 'step', [orchescope.stepType]: 'node', ...attributes },
  };
}

export function llm(random: Random): SpanSpec {
  const [provider, model, inputPrice, outputPrice] = random.pick(models);
  const inputTokens = Math.round(random.longTail(3200, 0.8));
  const outputTokens = Math.round(random.longTail(350, 0.7));
  return {
    name: `chat ${model}`,
    otelKind: 3,
    attributes: operation('chat', 'llm', {
      [genAi.providerName]: provider,
      [genAi.requestModel]: model,
      [genAi.responseModel]: model,
      [genAi.usageInputTokens]: inputTokens,
      [genAi.usageOutputTokens]: outputTokens,
      [genAi.usageCacheReadInputTokens]: Math.floor(inputTokens * random.next() * 0.8),
      [orchescope.costUsd]: (inputTokens * inputPrice + outputTokens * outputPrice) / 1e6,
    }),
  };
}

export function tool(name: string, callId: string): SpanSpec {
  return {
    name: `execute_tool ${name}`,
    attributes: operation('execute_tool', 'tool', {
      [genAi.toolName]: name,
      [genAi.toolCallId]: callId,
    }),
  };
}

export function retrieval(source: string): SpanSpec {
  return {
    name: `retrieval ${source}`,
    otelKind: 3,
    attributes: operation('retrieval', 'retrieval', {
      [genAi.dataSourceId]: source,
      [genAi.retrievalTopK]: 8,
    }),
  };
}

export function handoff(from: string, to: string): SpanSpec {
  return {
    name: `handoff ${to}`,
    attributes: {
      [orchescope.kind]: 'handoff',
      [orchescope.handoffFrom]: from,
      [orchescope.handoffTo]: to,
      [orchescope.handoffAccepted]: true,
    },
  };
}

function operation(name: string, kind: string, more: Attributes): Attributes {
  return { [genAi.operationName]: name, [orchescope.kind]: kind, ...more };
}
