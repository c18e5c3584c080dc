import type { Reply } from '../fake-provider.ts';

type Turn = { readonly prompt: number; readonly answer: number; readonly thoughts: number };
type Part = { readonly text: string } | { readonly functionCall: { name: string; args: object } };

/** Google counts thoughts apart from the answer; the span says both together. */
function toAnswer(parts: readonly Part[], turn: Turn, finishReason?: string): object {
  const content = { role: 'model', parts };
  return {
    responseId: `gemini-${turn.prompt}`,
    modelVersion: 'gemini-2.5-flash',
    candidates: [{ index: 0, content, ...(finishReason !== undefined && { finishReason }) }],
    usageMetadata: {
      promptTokenCount: turn.prompt,
      candidatesTokenCount: turn.answer,
      thoughtsTokenCount: turn.thoughts,
      totalTokenCount: turn.prompt + turn.answer + turn.thoughts,
    },
  };
}

export function answers(part: Part, turn: Turn): Reply {
  return { json: toAnswer([part], turn, 'STOP') };
}

export function streams(words: readonly string[], turn: Turn): Reply {
  const last = words.length - 1;
  return {
    events: words.map((text, at) => {
      const chunk = toAnswer([{ text }], turn, at === last ? 'STOP' : undefined);
      return `data: ${JSON.stringify(chunk)}\n\n`;
    }),
  };
}
