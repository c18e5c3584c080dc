import type { Reply } from '../fake-provider.ts';

const model = 'gpt-5-mini-2025-08-07';

type Turn = { readonly prompt: number; readonly completion: number; readonly cached?: number };

function toUsage({ prompt, completion, cached = 0 }: Turn): object {
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: 0 },
  };
}

export function says(id: string, content: string, turn: Turn): Reply {
  const message = { role: 'assistant', content };
  const choices = [{ index: 0, message, finish_reason: 'stop' }];
  return {
    json: { id, object: 'chat.completion', created: 1, model, choices, usage: toUsage(turn) },
  };
}

export function callsTool(id: string, name: string, args: object, turn: Turn): Reply {
  const call = {
    id: `call_${id}`,
    type: 'function',
    function: { name, arguments: JSON.stringify(args) },
  };
  const message = { role: 'assistant', content: null, tool_calls: [call] };
  const choices = [{ index: 0, message, finish_reason: 'tool_calls' }];
  return {
    json: { id, object: 'chat.completion', created: 1, model, choices, usage: toUsage(turn) },
  };
}

export function streams(id: string, words: readonly string[], turn: Turn): Reply {
  const chunk = (delta: object, finish_reason: string | null = null) => ({
    id,
    object: 'chat.completion.chunk',
    created: 1,
    model,
    choices: [{ index: 0, delta, finish_reason }],
  });
  const chunks = [
    ...words.map((content) => chunk({ content })),
    chunk({}, 'stop'),
    { ...chunk({}), choices: [], usage: toUsage(turn) },
  ];
  const events = chunks.map((each) => `data: ${JSON.stringify(each)}\n\n`);
  return { events: [...events, 'data: [DONE]\n\n'] };
}

export function embeds(tokens: number): Reply {
  const data = [{ object: 'embedding', index: 0, embedding: [0.25, 0.5] }];
  const usage = { prompt_tokens: tokens, total_tokens: tokens };
  return { json: { object: 'list', model: 'text-embedding-3-small', data, usage } };
}

/** Too many requests; come again in 10 ms. */
export const tooMany: Reply = {
  status: 429,
  headers: { 'retry-after-ms': '10' },
  json: { error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' } },
};
