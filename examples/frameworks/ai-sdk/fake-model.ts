import { simulateReadableStream } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { setTimeout as sleep } from 'node:timers/promises';

type Model = ConstructorParameters<typeof MockLanguageModelV4>[0] & object;
type Generated = Awaited<ReturnType<Extract<Model['doGenerate'], (...args: never[]) => unknown>>>;
type Streamed = Awaited<ReturnType<Extract<Model['doStream'], (...args: never[]) => unknown>>>;

/** What the model does when it is called: `generate` for generateText, `stream` for streamText. */
export type Turn = { generate: Generated } | { stream: Streamed };

/** A model that plays its turns one after the other and takes 30 ms for each. */
export function fakeModel(modelId: string, turns: readonly Turn[]): MockLanguageModelV4 {
  let next = 0;
  const take = () => {
    const turn = turns[next++];
    if (turn === undefined)
      throw new Error(`${modelId} was called ${next} times, it knows ${turns.length} turns`);
    return turn;
  };
  return new MockLanguageModelV4({
    provider: 'fake',
    modelId,
    doGenerate: async () => {
      const turn = take();
      await sleep(30);
      if ('generate' in turn) return turn.generate;
      throw new Error(`${modelId} only streams here`);
    },
    doStream: async () => {
      const turn = take();
      if ('stream' in turn) return turn.stream;
      throw new Error(`${modelId} does not stream here`);
    },
  });
}

export function says(text: string, inputTokens: number, outputTokens: number): Turn {
  return {
    generate: {
      content: [{ type: 'text', text }],
      finishReason: { unified: 'stop', raw: 'stop' },
      usage: toUsage(inputTokens, outputTokens),
      warnings: [],
    },
  };
}

export function callsTools(calls: readonly { toolName: string; input: object }[]): Turn {
  return {
    generate: {
      content: calls.map(({ toolName, input }) => ({
        type: 'tool-call',
        toolCallId: `call_${toolName}`,
        toolName,
        input: JSON.stringify(input),
      })),
      finishReason: { unified: 'tool-calls', raw: 'tool_use' },
      usage: toUsage(980, 57),
      warnings: [],
    },
  };
}

export function streams(words: readonly string[]): Turn {
  return {
    stream: {
      stream: simulateReadableStream({
        chunkDelayInMs: 10,
        chunks: [
          { type: 'stream-start', warnings: [] },
          { type: 'text-start', id: 'text' },
          ...words.map((delta) => ({ type: 'text-delta' as const, id: 'text', delta })),
          { type: 'text-end', id: 'text' },
          {
            type: 'finish',
            finishReason: { unified: 'stop', raw: 'stop' },
            usage: toUsage(96, words.length),
          },
        ],
      }),
    },
  };
}

function toUsage(input: number, output: number): Generated['usage'] {
  return {
    inputTokens: { total: input, noCache: input, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: output, text: output, reasoning: 0 },
  };
}
