import type { Reply } from '../fake-provider.ts';

type Tokens = { readonly input: number; readonly output: number; readonly cached?: number };

function toResponse(id: string, output: readonly object[], tokens: Tokens): object {
  const { input, output: answered, cached = 0 } = tokens;
  return {
    id,
    object: 'response',
    created_at: 1,
    status: 'completed',
    model: 'gpt-5-mini-2025-08-07',
    output,
    usage: {
      input_tokens: input,
      input_tokens_details: { cached_tokens: cached },
      output_tokens: answered,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: input + answered,
    },
  };
}

function toMessage(id: string, text: string): object {
  const content = [{ type: 'output_text', text, annotations: [] }];
  return { type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed', content };
}

export function says(id: string, text: string, tokens: Tokens): Reply {
  return { json: toResponse(id, [toMessage(id, text)], tokens) };
}

export function asksFor(id: string, name: string, args: object, tokens: Tokens): Reply {
  const call = {
    type: 'function_call',
    id: `fc_${id}`,
    call_id: `call_${id}`,
    name,
    arguments: JSON.stringify(args),
    status: 'completed',
  };
  return { json: toResponse(id, [call], tokens) };
}

export function streams(id: string, words: readonly string[], tokens: Tokens): Reply {
  const item_id = `msg_${id}`;
  const response = toResponse(id, [toMessage(id, words.join(''))], tokens);
  const events = [
    { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
    ...words.map((delta) => ({
      type: 'response.output_text.delta',
      item_id,
      output_index: 0,
      delta,
    })),
    { type: 'response.completed', response },
  ];
  return {
    events: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
  };
}

/** Too many requests; come again in 10 ms. */
export const tooMany: Reply = {
  status: 429,
  headers: { 'retry-after-ms': '10' },
  json: { error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' } },
};
