import type { SpanKind } from '../../span.ts';
import { dialect, type ContentRow } from './table.ts';

/** A model's generation is absent: only its `gen_ai.operation.name` tells the call from the loop around calls. */
const kinds: Readonly<Record<string, SpanKind>> = {
  agent_run: 'agent',
  workflow_run: 'workflow',
  workflow_step: 'step',
  workflow_conditional: 'route',
  workflow_conditional_eval: 'route',
  workflow_parallel: 'step',
  workflow_loop: 'step',
  workflow_sleep: 'step',
  workflow_wait_event: 'step',
  model_step: 'step',
  tool_call: 'tool',
  client_tool_call: 'tool',
  provider_tool_call: 'tool',
  workspace_action: 'tool',
  mcp_tool_call: 'mcp',
  mcp_server_request: 'mcp',
  rag_ingestion: 'workflow',
  rag_embedding: 'embedding',
  rag_vector_operation: 'retrieval',
  rag_action: 'retrieval',
  graph_action: 'retrieval',
  memory_operation: 'memory',
  processor_run: 'guardrail',
  scorer_run: 'evaluation',
  scorer_step: 'evaluation',
  classifier_evaluation: 'evaluation',
  generic: 'other',
  mapping: 'other',
};

const tools = new Set(['client_tool_call', 'workspace_action']);

const content = [
  'model_generation',
  'model_inference',
  'model_chunk',
  ...Object.keys(kinds),
].flatMap((type): ContentRow[] => [
  [tools.has(type) ? 'tool_arguments' : 'input', `mastra.${type}.input`],
  [tools.has(type) ? 'tool_result' : 'output', `mastra.${type}.output`],
]);

/** Mastra's exporter: gen_ai names, and `mastra.<type of span>.<field>` for the rest. */
export const mastra = dialect('mastra', {
  marks: { scopes: ['@mastra/otel-exporter'], keys: ['mastra.span.type'] },
  kinds: [
    { key: 'mastra.span.type', values: kinds },
    {
      key: 'gen_ai.operation.name',
      values: { model_generation: 'step', model_chunk: 'other' },
    },
  ],
  fields: [
    ['runId', 'mastra.metadata.runId'],
    ['userId', 'mastra.metadata.userId'],
    ['userId', 'mastra.metadata.resourceId'],
    ['conversationId', 'mastra.metadata.threadId'],
    ['stepIndex', 'mastra.model_step.step_index'],
    ['loopIteration', 'mastra.workflow_loop.iteration'],
    ['firstChunkUnixSeconds', 'mastra.completion_start_time'],
    ['statusMessage', 'error.message'],
  ],
  content,
  waits: [['mastra.span.type', ['workflow_sleep', 'workflow_wait_event']]],
});
