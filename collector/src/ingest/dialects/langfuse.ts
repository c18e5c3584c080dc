import type { SpanKind } from '../../span.ts';
import type { Reader } from './readers.ts';
import { dialect, type FieldRow } from './table.ts';

const tools: readonly SpanKind[] = ['tool', 'mcp', 'handoff'];

/** Langfuse has a level but no type of error; `_OTHER` is what OpenTelemetry says then. */
const readLevel: Reader<string> = (value) => (value === 'ERROR' ? '_OTHER' : null);

/** The model's own names of its counts are kept, so there are several for each. */
const usage = (field: UsageField, ...members: readonly string[]): readonly FieldRow[] =>
  members.map((member) => [field, 'langfuse.observation.usage_details', { member }]);
type UsageField = Extract<FieldRow[0], `${string}Tokens`>;

/** Langfuse's SDKs: every observation has a type, and its input, output and usage are JSON in one attribute each. */
export const langfuse = dialect('langfuse', {
  marks: {
    scopes: ['langfuse-sdk'],
    keys: ['langfuse.observation.type', 'langfuse.observation.input', 'langfuse.trace.name'],
  },
  kinds: [
    {
      key: 'langfuse.observation.type',
      values: {
        span: { kind: 'step', root: 'workflow' },
        chain: { kind: 'step', root: 'workflow' },
        event: 'other',
        generation: 'llm',
        agent: { kind: 'agent', named: true },
        tool: { kind: 'tool', named: true },
        retriever: 'retrieval',
        embedding: 'embedding',
        guardrail: 'guardrail',
        evaluator: 'evaluation',
      },
    },
  ],
  fields: [
    ['workflowName', 'langfuse.trace.name', { kinds: ['workflow'] }],
    ['conversationId', 'langfuse.session.id'],
    ['userId', 'langfuse.user.id'],
    ['modelRequested', 'langfuse.observation.model.name'],
    ...usage('inputTokens', 'input', 'input_tokens', 'prompt_tokens'),
    ...usage('outputTokens', 'output', 'output_tokens', 'completion_tokens'),
    ...usage(
      'cacheReadTokens',
      'input_cached_tokens',
      'cache_read_input_tokens',
      'input_cache_read',
      'input_cached',
    ),
    ...usage('cacheWriteTokens', 'cache_creation_input_tokens', 'input_cache_creation'),
    ...usage('reasoningTokens', 'output_reasoning_tokens', 'output_reasoning', 'reasoning_tokens'),
    ...usage('totalTokens', 'total'),
    ['costUsd', 'langfuse.observation.cost_details', { member: 'total' }],
    ['firstChunkUnixSeconds', 'langfuse.observation.completion_start_time'],
    ['errorType', 'langfuse.observation.level', { read: readLevel }],
    ['statusMessage', 'langfuse.observation.status_message'],
  ],
  content: [
    ['input_messages', 'langfuse.observation.input', { kinds: ['llm'] }],
    ['output_messages', 'langfuse.observation.output', { kinds: ['llm'] }],
    ['tool_arguments', 'langfuse.observation.input', { kinds: tools }],
    ['tool_result', 'langfuse.observation.output', { kinds: tools }],
    ['documents', 'langfuse.observation.output', { kinds: ['retrieval'] }],
    ['input', 'langfuse.observation.input'],
    ['output', 'langfuse.observation.output'],
    ['input', 'langfuse.trace.input'],
    ['output', 'langfuse.trace.output'],
  ],
});
