/** Coding agents of the command line. Their logs and metrics tell more than their spans do. */
import { readMilliseconds, type Reader } from './readers.ts';
import { dialect } from './table.ts';

const readSuccess: Reader<string> = (value) =>
  value === false || value === 'false' ? '_OTHER' : null;

/** Names as bare as `model` count on model calls alone. */
const call = { kinds: ['llm'] } as const;

/** Claude Code counts tokens as Anthropic's API does: cached ones beside the input. */
export const claudeCode = dialect('claude-code', {
  marks: {
    scopePrefixes: ['com.anthropic.claude_code'],
    keys: ['llm_request.context', 'interaction.sequence'],
    values: [
      ['span.type', 'interaction'],
      ['span.type', 'llm_request'],
      ['span.type', 'tool.execution'],
      ['span.type', 'tool.blocked_on_user'],
    ],
  },
  kinds: [
    {
      key: 'span.type',
      values: {
        interaction: 'turn',
        llm_request: { kind: 'llm', cacheBesideInput: true },
        tool: 'tool',
        'tool.execution': 'other',
        'tool.blocked_on_user': 'approval',
        hook: 'other',
      },
    },
  ],
  fields: [
    ['modelRequested', 'model', call],
    ['inputTokens', 'input_tokens', call],
    ['outputTokens', 'output_tokens', call],
    ['cacheReadTokens', 'cache_read_tokens', call],
    ['cacheWriteTokens', 'cache_creation_tokens', call],
    ['finishReasons', 'stop_reason', call],
    ['attempt', 'attempt', call],
    ['timeToFirstChunk', 'ttft_ms', { kinds: ['llm'], read: readMilliseconds }],
    ['errorType', 'success', { kinds: ['llm', 'tool'], read: readSuccess }],
    ['toolName', 'tool_name', { kinds: ['tool', 'approval'] }],
    ['toolCallId', 'tool_use_id', { kinds: ['tool', 'approval'] }],
  ],
  content: [
    ['input', 'user_prompt', { as: 'text', kinds: ['turn'] }],
    ['input_messages', 'new_context', { as: 'text', kinds: ['llm'] }],
    ['output_messages', 'response.model_output', { as: 'text' }],
    ['system_instructions', 'system_prompt_preview', { as: 'text' }],
    ['tool_arguments', 'tool_input', { kinds: ['tool'] }],
  ],
  waits: [
    ['', ['claude_code.tool.blocked_on_user']],
    ['span.type', ['tool.blocked_on_user']],
  ],
});

/** Codex: hundreds of spans of its runtime around the few that say something. */
export const codex = dialect('codex', {
  marks: {
    scopes: ['codex_exec', 'codex_cli_rs', 'codex_tui', 'codex-cli', 'codex-app-server'],
    keys: ['codex.turn.token_usage.total_tokens', 'codex.usage.total_tokens'],
  },
  fields: [
    ['conversationId', 'conversation.id'],
    ['reasoningTokens', 'codex.usage.reasoning_output_tokens'],
    ['modelRequested', 'model', call],
  ],
  // It holds the sum of the calls inside.
  presence: [['codex.turn.token_usage.total_tokens', 'turn']],
  namePrefixes: [['session_task.turn', 'turn']],
});

/** Gemini CLI names its spans by its own operations. */
export const geminiCli = dialect('gemini-cli', {
  marks: { scopes: ['gemini-cli'] },
  kinds: [
    {
      key: 'gen_ai.operation.name',
      values: {
        user_prompt: 'turn',
        schedule_tool_calls: 'step',
        system_prompt: 'other',
      },
    },
  ],
  fields: [['toolCallId', 'gen_ai.tool.call_id']],
});
