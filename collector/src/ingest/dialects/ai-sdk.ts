import { readMilliseconds } from './readers.ts';
import { dialect, type KindRule } from './table.ts';

/** Vercel AI SDK 7 with `@ai-sdk/otel`: newest gen_ai names, and `ai.*` for what those do not have. */
export const aiSdk = dialect('ai-sdk', {
  marks: { scopes: ['gen_ai'] },
  fields: [
    ['reasoningTokens', 'ai.usage.outputTokenDetails.reasoningTokens'],
    // A metric's name, used as an attribute of the span.
    ['timeToFirstChunk', 'gen_ai.client.operation.time_to_first_chunk'],
  ],
  content: [
    ['input', 'ai.value'],
    ['input', 'ai.values'],
    ['output', 'ai.embedding'],
    ['output', 'ai.embeddings'],
    ['documents', 'ai.documents'],
    ['output', 'ai.ranking'],
    ['input', 'ai.request.text', { as: 'text' }],
    ['input', 'ai.decision.state'],
    ['input', 'ai.decision.questions'],
    ['output', 'ai.decision.answers'],
  ],
});

const wholeCall = { kind: 'agent' } as const;

/** The inner `do...` span of the same call carries the same usage again. */
const outerCall = (kind: 'embedding' | 'rerank'): KindRule => ({ kind, repeatsUsage: true });

/** AI SDK 4 to 6, and 7 with `LegacyOpenTelemetry`. */
export const aiSdkLegacy = dialect('ai-sdk-legacy', {
  marks: { scopes: ['ai'], keys: ['ai.operationId'] },
  kinds: [
    {
      key: 'ai.operationId',
      values: {
        'ai.generatetext': wholeCall,
        'ai.streamtext': wholeCall,
        'ai.generateobject': wholeCall,
        'ai.streamobject': wholeCall,
        'ai.workflowagent.stream': wholeCall,
        'ai.generatetext.dogenerate': 'llm',
        'ai.streamtext.dostream': 'llm',
        'ai.generateobject.dogenerate': 'llm',
        'ai.streamobject.dostream': 'llm',
        'ai.toolcall': 'tool',
        'ai.embed': outerCall('embedding'),
        'ai.embedmany': outerCall('embedding'),
        'ai.embed.doembed': 'embedding',
        'ai.embedmany.doembed': 'embedding',
        'ai.rerank': outerCall('rerank'),
        'ai.rerank.dorerank': 'rerank',
      },
    },
  ],
  fields: [
    ['agentName', 'ai.telemetry.functionId'],
    ['agentName', 'ai.telemetry.metadata.agent'],
    ['conversationId', 'ai.telemetry.metadata.sessionId'],
    ['conversationId', 'ai.telemetry.metadata.conversationId'],
    ['userId', 'ai.telemetry.metadata.userId'],
    ['modelRequested', 'ai.model.id'],
    ['modelAnswered', 'ai.response.model'],
    ['provider', 'ai.model.provider'],
    ['responseId', 'ai.response.id'],
    ['inputTokens', 'ai.usage.inputTokens'],
    ['inputTokens', 'ai.usage.promptTokens'],
    ['inputTokens', 'ai.usage.tokens'],
    ['outputTokens', 'ai.usage.outputTokens'],
    ['outputTokens', 'ai.usage.completionTokens'],
    ['cacheReadTokens', 'ai.usage.inputTokenDetails.cacheReadTokens'],
    ['cacheReadTokens', 'ai.usage.cachedInputTokens'],
    ['cacheWriteTokens', 'ai.usage.inputTokenDetails.cacheWriteTokens'],
    ['reasoningTokens', 'ai.usage.outputTokenDetails.reasoningTokens'],
    ['reasoningTokens', 'ai.usage.reasoningTokens'],
    ['totalTokens', 'ai.usage.totalTokens'],
    ['timeToFirstChunk', 'ai.response.msToFirstChunk', { read: readMilliseconds }],
    ['timeToFirstChunk', 'ai.stream.msToFirstChunk', { read: readMilliseconds }],
    ['finishReasons', 'ai.response.finishReason'],
    ['toolName', 'ai.toolCall.name'],
    ['toolCallId', 'ai.toolCall.id'],
  ],
  content: [
    ['input_messages', 'ai.prompt.messages'],
    ['input_messages', 'ai.prompt'],
    ['tool_definitions', 'ai.prompt.tools'],
    ['output_messages', 'ai.response.text', { as: 'text' }],
    ['output_messages', 'ai.response.toolCalls'],
    ['output_messages', 'ai.response.object'],
    ['output_messages', 'ai.response.reasoning', { as: 'text' }],
    ['output_messages', 'ai.response.files'],
    ['tool_arguments', 'ai.toolCall.args'],
    ['tool_result', 'ai.toolCall.result'],
  ],
});
