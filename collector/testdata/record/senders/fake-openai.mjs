// The chat endpoint of OpenAI, answering from a list: first with a call of a tool, then with text.
import { createServer } from 'node:http';

export async function startFakeOpenAi() {
  let calls = 0;
  const server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      calls++;
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(calls === 1 ? answer('tool_calls') : answer('stop')));
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { baseURL: `http://127.0.0.1:${server.address().port}/v1`, close: () => server.close() };
}

function answer(reason) {
  const toolCalls = [
    {
      id: 'call_1',
      type: 'function',
      function: { name: 'get_weather', arguments: '{"city":"Lisbon"}' },
    },
  ];
  const message =
    reason === 'stop'
      ? { role: 'assistant', content: '21 degrees in Lisbon.' }
      : { role: 'assistant', content: null, tool_calls: toolCalls };
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model: 'gpt-5-mini-2025-08-07',
    choices: [{ index: 0, message, finish_reason: reason }],
    usage: {
      prompt_tokens: 320,
      completion_tokens: 40,
      total_tokens: 360,
      prompt_tokens_details: { cached_tokens: 256 },
      completion_tokens_details: { reasoning_tokens: 12 },
    },
  };
}
