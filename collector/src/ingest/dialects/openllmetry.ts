import type { SpanKind } from '../../span.ts';
import { dialect } from './table.ts';

const tools: readonly SpanKind[] = ['tool', 'mcp', 'handoff'];

/** Traceloop OpenLLMetry: gen_ai names of the year it was written in, `traceloop.*` for what those do not have. */
export const openLlmetry = dialect('openllmetry', {
  marks: {
    scopes: [
      'opentelemetry.instrumentation.openai.v0',
      'opentelemetry.instrumentation.openai.v1',
      'opentelemetry.instrumentation.anthropic',
    ],
    scopePrefixes: ['@traceloop/'],
    keys: [
      'traceloop.span.kind',
      'traceloop.workflow.name',
      'traceloop.entity.name',
      'traceloop.entity.path',
      'llm.request.type',
      'gen_ai.is_streaming',
    ],
  },
  kinds: [
    {
      key: 'traceloop.span.kind',
      values: {
        workflow: 'workflow',
        task: 'step',
        agent: 'agent',
        tool: 'tool',
        session: 'turn',
        unknown: 'other',
      },
    },
    {
      key: 'llm.request.type',
      values: { chat: 'llm', completion: 'llm', embedding: 'embedding', rerank: 'rerank' },
    },
  ],
  fields: [
    ['agentName', 'traceloop.entity.name', { kinds: ['agent'] }],
    ['toolName', 'traceloop.entity.name', { kinds: tools }],
    ['workflowName', 'traceloop.workflow.name'],
    ['workflowName', 'traceloop.entity.name', { kinds: ['workflow'] }],
    ['conversationId', 'traceloop.association.properties.session_id'],
    ['conversationId', 'traceloop.association.properties.thread_id'],
    ['conversationId', 'traceloop.association.properties.conversation_id'],
    ['conversationId', 'traceloop.association.properties.chat_id'],
    ['userId', 'traceloop.association.properties.user_id'],
    ['provider', 'llm.vendor'],
    ['modelRequested', 'llm.request.model'],
    ['modelAnswered', 'llm.response.model'],
    ['inputTokens', 'llm.usage.prompt_tokens'],
    ['outputTokens', 'llm.usage.completion_tokens'],
    ['totalTokens', 'llm.usage.total_tokens'],
    ['finishReasons', 'llm.response.finish_reason'],
    ['finishReasons', 'gen_ai.completion.0.finish_reason'],
  ],
  content: [
    ['tool_arguments', 'traceloop.entity.input', { kinds: tools }],
    ['tool_result', 'traceloop.entity.output', { kinds: tools }],
    ['input', 'traceloop.entity.input'],
    ['output', 'traceloop.entity.output'],
    ['tool_definitions', 'llm.request.functions', { as: 'flat' }],
  ],
  presence: [
    ['db.vector.query.top_k', 'retrieval'],
    ['db.pinecone.query.top_k', 'retrieval'],
    ['db.chroma.query.n_results', 'retrieval'],
    ['db.query.top_k', 'retrieval'],
  ],
});
