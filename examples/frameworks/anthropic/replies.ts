import type { Reply } from '../fake-provider.ts';

const model = 'claude-sonnet-5';

type Turn = { readonly input: number; readonly output: number; readonly cached?: number };
type Block =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'tool_use';
      readonly id: string;
      readonly name: string;
      readonly input: object;
    };

/** Anthropic counts cached tokens apart from the input. */
function toMessage(id: string, content: readonly Block[], turn: Turn): object {
  const usage = {
    input_tokens: turn.input,
    cache_read_input_tokens: turn.cached ?? 0,
    cache_creation_input_tokens: 0,
    output_tokens: turn.output,
  };
  const stop = content.some(({ type }) => type === 'tool_use') ? 'tool_use' : 'end_turn';
  return { id, type: 'message', role: 'assistant', model, content, stop_reason: stop, usage };
}

export function answers(id: string, block: Block, turn: Turn): Reply {
  return { json: toMessage(id, [block], turn) };
}

export function streams(id: string, words: readonly string[], turn: Turn): Reply {
  const started = { ...toMessage(id, [], { ...turn, output: 1 }), stop_reason: null };
  const events: readonly { readonly type: string; readonly [member: string]: unknown }[] = [
    { type: 'message_start', message: started },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    ...words.map((text) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason: 'end_turn' },
      usage: { output_tokens: turn.output },
    },
    { type: 'message_stop' },
  ];
  return {
    events: events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`),
  };
}
