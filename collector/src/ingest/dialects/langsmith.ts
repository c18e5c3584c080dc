import type { SpanKind } from '../../span.ts';
import { readProvider } from './provider.ts';
import { readCount, type Reader } from './readers.ts';
import { readMember } from './read-member.ts';
import { dialect } from './table.ts';

const tools: readonly SpanKind[] = ['tool', 'mcp', 'handoff'];
/** What has inputs and outputs, but no conversation with a model. */
const others: readonly SpanKind[] = ['workflow', 'agent', 'step', 'embedding', 'other'];

/** LangChain's `azure` is Azure OpenAI, not Azure's inference of other models. */
const readLsProvider: Reader<string> = (value) =>
  value === 'azure' ? 'azure.ai.openai' : readProvider(value);

/** LangChain tells what it wrote to caches as one count, or by how long it is kept; then the count is 0. */
const readCacheWrites: Reader<number> = (value) => {
  const count = (member: string): number => readCount(readMember(value, member)) ?? 0;
  if (readMember(value, 'cache_creation') === null) return null;
  const kept = count('ephemeral_5m_input_tokens') + count('ephemeral_1h_input_tokens');
  return Math.max(count('cache_creation'), kept);
};

/**
 * LangSmith's OpenTelemetry exporter. Its `gen_ai.operation.name` calls a retriever an embedding and a prompt a chat,
 * and its `gen_ai.system` is guessed from the model's name, so its own keys are believed first.
 */
export const langsmith = dialect('langsmith', {
  marks: { scopes: ['langsmith'], keys: ['langsmith.span.kind', 'langsmith.trace.name'] },
  kinds: [
    {
      key: 'langsmith.span.kind',
      values: {
        chain: {
          kind: 'step',
          root: 'workflow',
          named: true,
          agentIfNamed: { key: 'langsmith.metadata.lc_agent_name' },
        },
        llm: 'llm',
        tool: { kind: 'tool', named: true },
        retriever: 'retrieval',
        embedding: 'embedding',
        prompt: 'other',
        parser: 'other',
      },
    },
  ],
  fields: [
    ['agentName', 'langsmith.metadata.lc_agent_name'],
    ['workflowName', 'langsmith.trace.name', { kinds: ['workflow'] }],
    ['toolName', 'langsmith.trace.name', { kinds: tools }],
    ['runId', 'langsmith.metadata.run_id'],
    ['runId', 'langsmith.trace.id'],
    // Not `langsmith.trace.session_id`: that is the project.
    ['conversationId', 'langsmith.metadata.thread_id'],
    ['conversationId', 'langsmith.metadata.session_id'],
    ['conversationId', 'langsmith.metadata.conversation_id'],
    ['userId', 'langsmith.metadata.user_id'],
    ['provider', 'langsmith.metadata.ls_provider', { read: readLsProvider }],
    ['modelRequested', 'langsmith.metadata.ls_model_name'],
    ['stepIndex', 'langsmith.metadata.langgraph_step'],
    ['inputTokens', 'langsmith.usage_metadata', { member: 'input_tokens' }],
    ['outputTokens', 'langsmith.usage_metadata', { member: 'output_tokens' }],
    ['cacheReadTokens', 'gen_ai.usage.input_token_details', { member: 'cache_read' }],
    ['cacheWriteTokens', 'gen_ai.usage.input_token_details', { read: readCacheWrites }],
    ['reasoningTokens', 'gen_ai.usage.output_token_details', { member: 'reasoning' }],
    ['costUsd', 'langsmith.usage_metadata', { member: 'total_cost' }],
  ],
  content: [
    ['tool_arguments', 'gen_ai.prompt', { kinds: tools }],
    ['tool_result', 'gen_ai.completion', { kinds: tools }],
    ['input', 'gen_ai.prompt', { kinds: ['retrieval'] }],
    ['documents', 'gen_ai.completion', { kinds: ['retrieval'] }],
    ['input', 'gen_ai.prompt', { kinds: others }],
    ['output', 'gen_ai.completion', { kinds: others }],
  ],
});
