/**
 * The HTTP interfaces of OpenAI (chat, responses, embeddings) and Anthropic (messages), without a model. Whoever offers
 * tools and has not yet been given a tool's result is told to call the first of them; everybody else gets one sentence.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';

type Schema = { readonly required?: readonly string[]; readonly properties?: object };
type Described = { readonly name: string; readonly parameters?: Schema; readonly input_schema?: Schema };
type Tool = Described & { readonly function?: Described };
type Part = { readonly type?: string };
type Message = Part & { readonly role?: string; readonly content?: string | readonly Part[] };

/** What the three interfaces are asked, as far as an answer depends on it. */
type Asked = {
  readonly model: string;
  readonly stream?: boolean;
  readonly messages: readonly Message[];
  readonly input?: string | readonly Part[];
  readonly tools?: readonly Tool[];
};
type Event = readonly [name: string, data: string];
type Answer = { readonly whole: object; readonly events: readonly Event[] };

const sentence = '21 degrees in Lisbon.';

export async function startFakeApis() {
  const server = createServer(async (request, response) => {
    const body = (request.method === 'POST' ? await json(request) : {}) as Asked;
    const answer = answers[String(request.url).split('?')[0] ?? '']?.(body);
    const isStream = answer !== undefined && body.stream === true;
    response.statusCode = answer === undefined ? 404 : 200;
    response.setHeader('content-type', isStream ? 'text/event-stream' : 'application/json');
    response.setHeader('request-id', 'req_1');
    response.setHeader('x-request-id', 'req_1');
    response.end(isStream ? toEvents(answer.events) : JSON.stringify(answer?.whole ?? { error: { message: 'not here' } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => server.close() };
}

const answers: Readonly<Record<string, (asked: Asked) => Answer>> = {
  '/v1/chat/completions': chat,
  '/v1/responses': respond,
  '/v1/messages': message,
  '/v1/embeddings': embed,
};

function toEvents(events: readonly Event[]): string {
  return events.map(([name, data]) => `${name ? `event: ${name}\n` : ''}data: ${data}\n\n`).join('');
}

/** The first tool, with something for each argument it must have; none when a tool has answered already. */
function pickTool(tools: readonly Tool[] | undefined, wasCalled: boolean) {
  const tool = tools?.[0];
  if (tool === undefined || wasCalled) return null;
  const told = tool.function ?? tool;
  const schema = told.parameters ?? told.input_schema ?? {};
  const names = schema.required ?? Object.keys(schema.properties ?? {});
  return { name: told.name, input: Object.fromEntries(names.map((name) => [name, 'Lisbon'])) };
}

function chat({ model, messages, tools }: Asked): Answer {
  const tool = pickTool(tools, messages.some(({ role }) => role === 'tool'));
  const calls = tool && [
    { id: 'call_1', type: 'function', function: { name: tool.name, arguments: JSON.stringify(tool.input) } },
  ];
  const finish = calls === null ? 'stop' : 'tool_calls';
  const said = calls === null ? { content: sentence } : { content: null, tool_calls: calls };
  const usage = {
    prompt_tokens: 320,
    completion_tokens: 40,
    total_tokens: 360,
    prompt_tokens_details: { cached_tokens: 256, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 12, audio_tokens: 0 },
  };
  const head = { id: 'chatcmpl-1', created: 0, model: dated(model), service_tier: 'default', system_fingerprint: 'fp_1' };
  const chunk = (choices: readonly object[], rest: object = {}): Event => [
    '',
    JSON.stringify({ ...head, object: 'chat.completion.chunk', choices, ...rest }),
  ];
  const pieces = calls && { tool_calls: calls.map((call, index) => ({ index, ...call })) };
  const delta = { role: 'assistant', ...said, ...pieces };
  return {
    whole: {
      ...head,
      object: 'chat.completion',
      choices: [{ index: 0, message: { role: 'assistant', ...said }, logprobs: null, finish_reason: finish }],
      usage,
    },
    events: [
      chunk([{ index: 0, delta, finish_reason: null }]),
      chunk([{ index: 0, delta: {}, finish_reason: finish }]),
      chunk([], { usage }),
      ['', '[DONE]'],
    ],
  };
}

function respond({ model, input, tools }: Asked): Answer {
  const items = typeof input === 'string' ? [] : (input ?? []);
  const tool = pickTool(tools, items.some(({ type }) => type === 'function_call_output'));
  const call = tool && {
    type: 'function_call',
    id: 'fc_1',
    call_id: 'call_1',
    name: tool.name,
    arguments: JSON.stringify(tool.input),
    status: 'completed',
  };
  const text = {
    type: 'message',
    id: 'msg_1',
    role: 'assistant',
    status: 'completed',
    content: [{ type: 'output_text', text: sentence, annotations: [] }],
  };
  const whole = {
    id: 'resp_1',
    object: 'response',
    created_at: 0,
    status: 'completed',
    error: null,
    incomplete_details: null,
    instructions: null,
    metadata: {},
    model: dated(model),
    output: [call ?? text],
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    usage: {
      input_tokens: 320,
      input_tokens_details: { cached_tokens: 256 },
      output_tokens: 40,
      output_tokens_details: { reasoning_tokens: 12 },
      total_tokens: 360,
    },
  };
  const event = (type: string, data: object): Event => [type, JSON.stringify({ type, sequence_number: 0, ...data })];
  return {
    whole,
    events: [
      event('response.created', { response: { ...whole, status: 'in_progress', output: [], usage: null } }),
      event('response.output_item.done', { output_index: 0, item: call ?? text }),
      event('response.completed', { response: whole }),
    ],
  };
}

function message({ model, messages, tools }: Asked): Answer {
  const wasCalled = messages.some(
    ({ content }) => typeof content === 'object' && content.some(({ type }) => type === 'tool_result'),
  );
  const tool = pickTool(tools, wasCalled);
  const block = tool
    ? { type: 'tool_use', id: 'toolu_1', name: tool.name, input: tool.input }
    : { type: 'text', text: sentence };
  const usage = {
    input_tokens: 64,
    cache_creation_input_tokens: 128,
    cache_read_input_tokens: 256,
    output_tokens: 40,
  };
  const whole = {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: dated(model),
    content: [block],
    stop_reason: tool ? 'tool_use' : 'end_turn',
    stop_sequence: null,
    usage,
  };
  return { whole, events: [] };
}

function embed({ model, input }: Asked): Answer {
  const data = [input].flat().map((_, index) => ({ object: 'embedding', index, embedding: [0.25, -0.5] }));
  return { whole: { object: 'list', model, data, usage: { prompt_tokens: 7, total_tokens: 7 } }, events: [] };
}

/** Providers answer with the dated name of the model that was asked for. */
function dated(model: string): string {
  return /\d{4}-?\d{2}-?\d{2}$/.test(model) ? model : `${model}-2025-08-07`;
}
