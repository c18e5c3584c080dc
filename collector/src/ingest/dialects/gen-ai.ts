import { genAi as names, otel } from '@orchescope/sdk/attributes';
import { readText } from './readers.ts';
import { dialect } from './table.ts';

const memoryOperations = {
  create_memory_store: 'memory',
  delete_memory_store: 'memory',
  search_memory: 'memory',
  create_memory: 'memory',
  update_memory: 'memory',
  upsert_memory: 'memory',
  delete_memory: 'memory',
} as const;

/** OpenTelemetry's GenAI and MCP conventions in their newest spelling. */
export const genAi = dialect('gen_ai', {
  marks: { keys: [names.providerName] },
  kinds: [
    { key: 'mcp.method.name', values: { '*': 'mcp' } },
    {
      key: names.operationName,
      values: {
        chat: 'llm',
        generate_content: 'llm',
        text_completion: 'llm',
        llm_call: 'llm',
        decide: 'llm',
        embeddings: 'embedding',
        retrieval: 'retrieval',
        rerank: 'rerank',
        create_agent: 'agent',
        invoke_agent: 'agent',
        agent_call: 'agent',
        agent_step: 'step',
        execute_node: 'step',
        execute_agent_loop_cycle: 'step',
        execute_tool: 'tool',
        tool_call: 'tool',
        invoke_workflow: 'workflow',
        invoke_graph: 'workflow',
        invoke_swarm: 'workflow',
        handle_conversation_turn: 'turn',
        plan: 'plan',
        run_guardrail: 'guardrail',
        ...memoryOperations,
      },
    },
  ],
  fields: [
    ['workflowName', names.workflowName],
    ['agentName', names.agentName],
    ['toolName', names.toolName],
    ['toolCallId', names.toolCallId],
    ['conversationId', names.conversationId],
    ['provider', names.providerName],
    ['modelRequested', names.requestModel],
    ['modelAnswered', names.responseModel],
    ['responseId', names.responseId],
    ['finishReasons', names.responseFinishReasons],
    ['inputTokens', names.usageInputTokens],
    ['outputTokens', names.usageOutputTokens],
    ['cacheReadTokens', names.usageCacheReadInputTokens],
    ['cacheWriteTokens', names.usageCacheWriteInputTokens],
    ['reasoningTokens', names.usageReasoningOutputTokens],
    ['timeToFirstChunk', names.responseTimeToFirstChunk],
    ['errorType', otel.errorType],
    ['handoffFrom', 'gen_ai.agent.handoff.source.name'],
    ['handoffTo', 'gen_ai.agent.handoff.target.name'],
    ['handoffArgument', names.toolCallArguments, { member: 'agent_name' }],
    ['handoffArgument', names.toolCallArguments, { member: 'agentName' }],
  ],
  content: [
    ['system_instructions', names.systemInstructions],
    ['input_messages', names.inputMessages],
    ['output_messages', names.outputMessages],
    ['tool_definitions', names.toolDefinitions],
    ['tool_arguments', names.toolCallArguments],
    ['tool_result', names.toolCallResult],
    ['documents', names.retrievalDocuments],
    ['input', names.retrievalQueryText, { as: 'text' }],
    ['documents', 'gen_ai.memory.records'],
    ['input', 'gen_ai.memory.query.text', { as: 'text' }],
  ],
  presence: [
    [names.toolCallId, 'tool'],
    [names.toolName, 'tool'],
    [names.embeddingsDimensionCount, 'embedding'],
    [names.responseModel, 'llm'],
    [names.requestModel, 'llm'],
    [names.usageOutputTokens, 'llm'],
    [names.usageInputTokens, 'llm'],
  ],
  namePrefixes: [
    ['invoke_agent', 'agent'],
    ['create_agent', 'agent'],
    ['invoke_workflow', 'workflow'],
    ['execute_tool', 'tool'],
    ['execute_node', 'step'],
    ['call_llm', 'llm'],
  ],
});

/** What the same conventions said before (up to 1.36), and spellings that instrumentations made of them. */
export const genAiOld = dialect('gen_ai_old', {
  marks: { keys: ['gen_ai.system', 'gen_ai.prompt', 'gen_ai.prompt.0.role'] },
  fields: [
    ['agentName', 'agent_name'],
    ['toolCallId', 'gen_ai.tool.call_id'],
    ['provider', 'gen_ai.system'],
    ['inputTokens', 'gen_ai.usage.prompt_tokens'],
    ['outputTokens', 'gen_ai.usage.completion_tokens'],
    ['cacheReadTokens', 'gen_ai.usage.cache_read_input_tokens'],
    ['cacheWriteTokens', 'gen_ai.usage.cache_creation.input_tokens'],
    ['cacheWriteTokens', 'gen_ai.usage.cache_write_input_tokens'],
    ['cacheWriteTokens', 'gen_ai.usage.cache_creation_input_tokens'],
    ['reasoningTokens', 'gen_ai.usage.reasoning_tokens'],
    ['totalTokens', 'gen_ai.usage.total_tokens'],
    ['timeToFirstChunk', 'gen_ai.client.operation.time_to_first_chunk'],
    ['costUsd', 'operation.cost'],
    ['costUsd', 'gen_ai.usage.cost'],
    ['costUsd', 'cost_usd'],
  ],
  content: [
    ['input_messages', 'gen_ai.prompt'],
    ['input_messages', 'gen_ai.prompt', { as: 'flat' }],
    ['output_messages', 'gen_ai.completion'],
    ['output_messages', 'gen_ai.completion', { as: 'flat' }],
    ['tool_definitions', 'gen_ai.agent.tools'],
    ['tool_arguments', 'tool_arguments', { kinds: ['tool', 'mcp', 'handoff'] }],
    ['tool_result', 'tool_response', { kinds: ['tool', 'mcp', 'handoff'] }],
  ],
  presence: [
    ['gen_ai.usage.completion_tokens', 'llm'],
    ['gen_ai.usage.prompt_tokens', 'llm'],
  ],
  messageEvents: [
    ['gen_ai.system.message', 'input_messages'],
    ['gen_ai.user.message', 'input_messages'],
    ['gen_ai.assistant.message', 'input_messages'],
    ['gen_ai.tool.message', 'input_messages'],
    ['gen_ai.content.prompt', 'input_messages'],
    ['gen_ai.choice', 'output_messages'],
    ['gen_ai.content.completion', 'output_messages'],
  ],
});

/** Work inside a process has no provider: there the operation is the mark, once no older name is. */
export const genAiInProcess = dialect('gen_ai', { marks: { keys: [names.operationName] } });

/** Names of other OpenTelemetry conventions, and keys that several frameworks share. Believed last. */
export const general = dialect('otel', {
  fields: [
    ['conversationId', 'session.id'],
    ['userId', 'user.id'],
    ['userId', 'enduser.id'],
    ['conversationId', 'metadata', { member: 'thread_id', read: readText }],
  ],
});
