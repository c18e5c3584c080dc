/**
 * What log events mean, by their name. A new event is a row. What is not said here is read by the tables that spans
 * are read by: a name means the same on both.
 */
import type { LogFact } from '../../log-record.ts';
import { readText, type Reader } from './readers.ts';
import type { ContentRow, FieldRow } from './table.ts';

export type EventRule = {
  readonly event: string;
  readonly fact: LogFact;
  /** The fact where the record tells an error. */
  readonly failedFact?: LogFact;
  /** Who writes it, where the scope does not tell. */
  readonly dialect: string;
  /** The row holds when this attribute has this value; otherwise the next row of the event, if any. */
  readonly when?: readonly [key: string, value: string];
  /** Believed before the general tables. */
  readonly fields?: readonly FieldRow[];
  readonly content?: readonly ContentRow[];
  /** Milliseconds. */
  readonly durationKey?: string;
  /** The one this sender talks to, unless it says another. */
  readonly provider?: string;
  /** The sender counts cached tokens beside the input tokens, not among them. */
  readonly cacheBesideInput?: boolean;
  /** The sender counts reasoning beside the output tokens, not among them. */
  readonly reasoningBesideOutput?: boolean;
};

const readFailure: Reader<string> = (value) =>
  value === false || value === 'false' ? '_OTHER' : null;

/** An HTTP status from 400 on. */
const readBadStatus: Reader<string> = (value) => (Number(value) >= 400 ? readText(value) : null);

const openTelemetry: readonly EventRule[] = [
  ...['system.message', 'user.message', 'assistant.message', 'tool.message', 'choice'].map(
    (name): EventRule => ({ event: `gen_ai.${name}`, fact: 'message', dialect: 'gen_ai_old' }),
  ),
  { event: 'gen_ai.client.inference.operation.details', fact: 'message', dialect: 'gen_ai' },
  { event: 'gen_ai.evaluation.result', fact: 'evaluation', dialect: 'gen_ai' },
  { event: 'gen_ai.client.operation.exception', fact: 'error', dialect: 'gen_ai' },
  { event: 'gen_ai.execute_tool.exception', fact: 'error', dialect: 'gen_ai' },
  { event: 'exception', fact: 'error', dialect: 'otel' },
];

/** Counts tokens as Anthropic's API does. Its `event.name` lacks the prefix, its body has it. */
const claudeCode: readonly EventRule[] = [
  {
    event: 'claude_code.api_request',
    fact: 'llm_call',
    dialect: 'claude-code',
    provider: 'anthropic',
    cacheBesideInput: true,
    durationKey: 'duration_ms',
  },
  {
    event: 'claude_code.api_error',
    fact: 'error',
    dialect: 'claude-code',
    provider: 'anthropic',
    durationKey: 'duration_ms',
    fields: [
      ['modelRequested', 'model'],
      ['errorType', 'status_code'],
      ['errorType', 'error'],
    ],
  },
  {
    event: 'claude_code.tool_result',
    fact: 'tool_call',
    dialect: 'claude-code',
    durationKey: 'duration_ms',
    fields: [
      ['errorType', 'error_type'],
      ['errorType', 'success', { read: readFailure }],
    ],
    content: [
      ['tool_arguments', 'tool_input'],
      ['tool_arguments', 'tool_parameters'],
    ],
  },
  {
    event: 'claude_code.user_prompt',
    fact: 'message',
    dialect: 'claude-code',
    content: [['input', 'prompt', { as: 'text' }]],
  },
  {
    event: 'claude_code.tool_decision',
    fact: 'other',
    dialect: 'claude-code',
    fields: [
      ['toolName', 'tool_name'],
      ['toolCallId', 'tool_use_id'],
    ],
  },
];

/** One call is a request, many stream events, and the last of these, which alone tells what was used. */
const codexCall = {
  fact: 'llm_call',
  dialect: 'codex',
  provider: 'openai',
  when: ['event.kind', 'response.completed'],
  durationKey: 'duration_ms',
  fields: [
    ['modelRequested', 'model'],
    ['inputTokens', 'input_token_count'],
    ['outputTokens', 'output_token_count'],
    ['cacheReadTokens', 'cached_token_count'],
    ['reasoningTokens', 'reasoning_token_count'],
    ['userId', 'user.account_id'],
  ],
} as const satisfies Omit<EventRule, 'event'>;

const codex: readonly EventRule[] = [
  { event: 'codex.sse_event', ...codexCall },
  { event: 'codex.websocket_event', ...codexCall },
  { event: 'codex.sse_event', fact: 'other', dialect: 'codex', durationKey: 'duration_ms' },
  { event: 'codex.websocket_event', fact: 'other', dialect: 'codex', durationKey: 'duration_ms' },
  {
    event: 'codex.api_request',
    fact: 'other',
    failedFact: 'error',
    dialect: 'codex',
    provider: 'openai',
    durationKey: 'duration_ms',
    fields: [
      ['modelRequested', 'model'],
      ['errorType', 'http.response.status_code', { read: readBadStatus }],
      ['userId', 'user.account_id'],
    ],
  },
  {
    event: 'codex.tool_result',
    fact: 'tool_call',
    dialect: 'codex',
    durationKey: 'duration_ms',
    fields: [
      ['toolName', 'tool_name'],
      ['toolCallId', 'call_id'],
      ['errorType', 'success', { read: readFailure }],
      ['userId', 'user.account_id'],
    ],
    content: [
      ['tool_arguments', 'arguments'],
      ['tool_result', 'output'],
    ],
  },
  {
    event: 'codex.tool_decision',
    fact: 'other',
    dialect: 'codex',
    fields: [
      ['toolName', 'tool_name'],
      ['toolCallId', 'call_id'],
    ],
  },
  {
    event: 'codex.user_prompt',
    fact: 'message',
    dialect: 'codex',
    content: [['input', 'prompt', { as: 'text' }]],
  },
];

/** Thoughts are counted beside the output, as Google's API does. */
const geminiCli: readonly EventRule[] = [
  {
    event: 'gemini_cli.api_response',
    fact: 'llm_call',
    dialect: 'gemini-cli',
    provider: 'gcp.gemini',
    reasoningBesideOutput: true,
    durationKey: 'duration_ms',
    fields: [
      ['modelRequested', 'model'],
      ['inputTokens', 'input_token_count'],
      ['outputTokens', 'output_token_count'],
      ['cacheReadTokens', 'cached_content_token_count'],
      ['reasoningTokens', 'thoughts_token_count'],
      ['errorType', 'status_code', { read: readBadStatus }],
    ],
    content: [['output', 'response_text']],
  },
  {
    event: 'gemini_cli.api_request',
    fact: 'message',
    dialect: 'gemini-cli',
    fields: [['modelRequested', 'model']],
    content: [['input', 'request_text']],
  },
  {
    event: 'gemini_cli.api_error',
    fact: 'error',
    dialect: 'gemini-cli',
    provider: 'gcp.gemini',
    durationKey: 'duration_ms',
    fields: [
      ['modelRequested', 'model'],
      ['errorType', 'error_type'],
      ['errorType', 'status_code'],
    ],
  },
  {
    event: 'gemini_cli.tool_call',
    fact: 'tool_call',
    dialect: 'gemini-cli',
    durationKey: 'duration_ms',
    fields: [
      ['toolName', 'function_name'],
      ['toolCallId', 'call_id'],
      ['errorType', 'error_type'],
      ['errorType', 'success', { read: readFailure }],
    ],
    content: [['tool_arguments', 'function_args']],
  },
  {
    event: 'gemini_cli.user_prompt',
    fact: 'message',
    dialect: 'gemini-cli',
    content: [['input', 'prompt', { as: 'text' }]],
  },
];

export const eventRules: readonly EventRule[] = [
  ...openTelemetry,
  ...claudeCode,
  ...codex,
  ...geminiCli,
];

/** Whose events begin so; where the scope is told, its `event.name` lacks the beginning. */
export type EventSender = {
  readonly prefix: string;
  readonly dialect: string;
  readonly scopePrefix?: string;
};

export const eventSenders: readonly EventSender[] = [
  { prefix: 'claude_code.', dialect: 'claude-code', scopePrefix: 'com.anthropic.claude_code' },
  { prefix: 'codex.', dialect: 'codex' },
  { prefix: 'gemini_cli.', dialect: 'gemini-cli' },
];
