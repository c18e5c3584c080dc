import type { SpanKind } from '../../span.ts';
import { dialect } from './table.ts';

const tools: readonly SpanKind[] = ['tool', 'mcp', 'handoff'];

/** Arize OpenInference: one kind key for every span, lists flattened into keys. */
export const openInference = dialect('openinference', {
  marks: {
    scopePrefixes: ['@arizeai/openinference', 'openinference.instrumentation.'],
    keys: ['openinference.span.kind'],
  },
  kinds: [
    {
      key: 'openinference.span.kind',
      values: {
        chain: {
          kind: 'step',
          root: 'workflow',
          named: true,
          agentIfNamed: { key: 'metadata', member: 'lc_agent_name' },
        },
        agent: { kind: 'agent', named: true },
        tool: { kind: 'tool', named: true },
        llm: 'llm',
        embedding: 'embedding',
        retriever: 'retrieval',
        reranker: 'rerank',
        guardrail: 'guardrail',
        evaluator: 'evaluation',
        prompt: 'other',
      },
    },
  ],
  fields: [
    ['agentName', 'agent.name'],
    ['agentName', 'graph.node.id', { kinds: ['agent'] }],
    ['toolName', 'tool.name', { kinds: tools }],
    ['toolCallId', 'tool.id', { kinds: tools }],
    ['modelRequested', 'llm.request.model_name'],
    ['modelRequested', 'llm.model_name'],
    ['modelRequested', 'embedding.model_name'],
    ['modelRequested', 'reranker.model_name'],
    ['modelAnswered', 'llm.response.model_name'],
    ['modelAnswered', 'llm.model_name'],
    ['provider', 'llm.provider'],
    ['provider', 'llm.system'],
    ['finishReasons', 'llm.finish_reason'],
    ['inputTokens', 'llm.token_count.prompt'],
    ['outputTokens', 'llm.token_count.completion'],
    ['cacheReadTokens', 'llm.token_count.prompt_details.cache_read'],
    ['cacheReadTokens', 'llm.token_count.prompt_details.cache_input'],
    ['cacheWriteTokens', 'llm.token_count.prompt_details.cache_write'],
    ['reasoningTokens', 'llm.token_count.completion_details.reasoning'],
    ['totalTokens', 'llm.token_count.total'],
    ['costUsd', 'llm.cost.total'],
    ['stepIndex', 'metadata', { member: 'langgraph_step' }],
    ['agentName', 'metadata', { member: 'lc_agent_name' }],
  ],
  content: [
    ['input_messages', 'llm.input_messages', { as: 'flat' }],
    ['output_messages', 'llm.output_messages', { as: 'flat' }],
    ['input_messages', 'llm.prompts', { as: 'flat' }],
    ['input_messages', 'llm.prompts'],
    ['output_messages', 'llm.completions', { as: 'flat' }],
    ['output_messages', 'llm.function_call'],
    ['tool_definitions', 'llm.tools', { as: 'flat' }],
    ['tool_definitions', 'tool.json_schema'],
    ['tool_definitions', 'tool.parameters'],
    ['tool_arguments', 'input.value', { kinds: tools }],
    ['tool_result', 'output.value', { kinds: tools }],
    ['input', 'input.value'],
    ['output', 'output.value'],
    ['documents', 'retrieval.documents', { as: 'flat' }],
    ['documents', 'reranker.input_documents', { as: 'flat' }],
    ['output', 'reranker.output_documents', { as: 'flat' }],
    ['input', 'reranker.query', { as: 'text' }],
    ['output', 'embedding.embeddings', { as: 'flat' }],
  ],
  presence: [
    ['llm.token_count.prompt', 'llm'],
    ['embedding.model_name', 'embedding'],
  ],
});
