import { dialect } from './table.ts';

/** Pydantic AI: gen_ai names; its older versions named spans by what they do and kept messages in lists of events. */
export const pydanticAi = dialect('pydantic-ai', {
  marks: {
    scopes: ['pydantic-ai'],
    keys: ['model_request_parameters', 'pydantic_ai.all_messages', 'all_messages_events'],
  },
  fields: [
    ['runId', 'gen_ai.agent.call.id'],
    ['agentName', 'agent_name'],
    ['modelRequested', 'model_name', { kinds: ['llm', 'agent'] }],
    ['costUsd', 'operation.cost'],
    ['cacheReadTokens', 'gen_ai.usage.details.cache_read_tokens'],
    ['cacheWriteTokens', 'gen_ai.usage.details.cache_write_tokens'],
    ['reasoningTokens', 'gen_ai.usage.details.reasoning_tokens'],
  ],
  content: [
    ['input_messages', 'pydantic_ai.all_messages'],
    ['input_messages', 'all_messages_events'],
    ['input_messages', 'events'],
    ['output', 'final_result'],
    ['tool_arguments', 'tool_arguments', { kinds: ['tool', 'mcp', 'handoff'] }],
    ['tool_result', 'tool_response', { kinds: ['tool', 'mcp', 'handoff'] }],
  ],
  presence: [
    ['model_request_parameters', 'llm'],
    ['gen_ai.tool.call.id', 'tool'],
    ['tool_arguments', 'tool'],
    ['pydantic_ai.all_messages', 'agent'],
    ['all_messages_events', 'agent'],
    ['agent_name', 'agent', { scope: 'pydantic-ai' }],
  ],
  namePrefixes: [
    ['agent run', 'agent'],
    ['running tool', 'tool'],
    ['running', 'step'],
  ],
});

/** Logfire's own instrumentations: the request and the response of a model as JSON, and a message on every span. */
export const logfire = dialect('logfire', {
  marks: {
    scopes: ['logfire'],
    scopePrefixes: ['logfire.'],
    keys: ['logfire.msg', 'logfire.msg_template', 'logfire.span_type', 'logfire.json_schema'],
  },
  fields: [
    ['modelRequested', 'request_data', { member: 'model' }],
    ['provider', 'gen_ai.system'],
  ],
  content: [
    ['input_messages', 'request_data'],
    ['output_messages', 'response_data'],
  ],
  presence: [['response_data', 'llm']],
});
