/** Models that answer from a list, without a network. */
import { MockEmbeddingModelV4, MockLanguageModelV4 } from 'ai/test';

type Answer = Awaited<ReturnType<MockLanguageModelV4['doGenerate']>>;

export function fakeModel(modelId: string, answers: readonly Answer[]): MockLanguageModelV4 {
  let next = 0;
  return new MockLanguageModelV4({
    provider: 'openai.responses',
    modelId,
    doGenerate: async () => {
      const answer = answers[next++];
      if (answer === undefined) throw new Error(`${modelId} has no answer ${next}`);
      return answer;
    },
  });
}

export function fakeEmbeddingModel(modelId: string): MockEmbeddingModelV4 {
  return new MockEmbeddingModelV4({
    provider: 'openai.embedding',
    modelId,
    doEmbed: async ({ values }) => ({
      embeddings: values.map(() => [0.25, -0.5]),
      usage: { tokens: 7 * values.length },
      warnings: [],
    }),
  });
}

const usage: Answer['usage'] = {
  inputTokens: { total: 320, noCache: 64, cacheRead: 256, cacheWrite: 0 },
  outputTokens: { total: 40, text: 28, reasoning: 12 },
};

export function says(text: string): Answer {
  return {
    content: [{ type: 'text', text }],
    finishReason: { unified: 'stop', raw: 'stop' },
    usage,
    warnings: [],
    response: { id: 'resp_1', modelId: 'gpt-5-mini-2025-08-07', timestamp: new Date(0) },
  };
}

export function callsTool(toolName: string, input: object): Answer {
  return {
    ...says(''),
    content: [{ type: 'tool-call', toolCallId: 'call_1', toolName, input: JSON.stringify(input) }],
    finishReason: { unified: 'tool-calls', raw: 'tool_calls' },
  };
}
