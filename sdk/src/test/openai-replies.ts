import { dataEvents, namedEvents } from './model-server.ts';

const usage = {
  input_tokens: 320,
  input_tokens_details: { cached_tokens: 256 },
  output_tokens: 40,
  output_tokens_details: { reasoning_tokens: 12 },
  total_tokens: 360,
};

/** An answer of the Responses API. */
export const answerOf = (id: string, ...output: readonly object[]) => ({
  id,
  object: 'response',
  status: 'completed',
  model: 'gpt-5-mini-2025-08-07',
  instructions: 'Be short.',
  output,
  usage,
});

export const said = (text: string) => ({
  type: 'message',
  id: 'msg_1',
  role: 'assistant',
  status: 'completed',
  content: [{ type: 'output_text', text, annotations: [] }],
});

export const called = (callId: string, name: string, args: object) => ({
  type: 'function_call',
  id: `fc_${callId}`,
  call_id: callId,
  name,
  arguments: JSON.stringify(args),
  status: 'completed',
});

/** An answer of the Chat Completions API. */
export const completion = (content: string) => ({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-5-mini-2025-08-07',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 30, completion_tokens: 8, total_tokens: 38 },
});

export const responseEvents = (output: object = said('yes')): string[] =>
  namedEvents(
    { type: 'response.created', response: answerOf('resp_1') } as never,
    {
      type: 'response.output_text.delta',
      output_index: 0,
      item_id: 'msg_1',
      delta: 'yes',
    } as never,
    { type: 'response.completed', response: answerOf('resp_1', output) } as never,
  );

export const chatEvents = (): string[] =>
  dataEvents(
    {
      id: 'chatcmpl-1',
      model: 'gpt-5-mini-2025-08-07',
      choices: [{ index: 0, delta: { content: 'yes' } }],
    },
    {
      id: 'chatcmpl-1',
      model: 'gpt-5-mini-2025-08-07',
      choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
    },
    { ...completion(''), choices: [] },
    '[DONE]',
  );
