import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { message, type Message, type MessagePart } from '../../contract.ts';
import type { ContentItem } from '../../span.ts';
import { toPayload } from './payload.ts';
import { readMessages, type MessageSlot } from './read-messages.ts';

const text = (content: string): MessagePart => ({ type: 'text', content });
const says = (role: string, ...parts: MessagePart[]): Message => ({
  role,
  name: '',
  parts,
  finishReason: '',
});
const searchCall: MessagePart = {
  type: 'tool_call',
  id: 'c1',
  name: 'search',
  arguments: '{"q":"x"}',
};
const json = (key: string, value: unknown): ContentItem => ({
  slot: 'input_messages',
  key,
  format: 'json',
  body: JSON.stringify(value),
});
const flat = (key: string, value: Record<string, unknown>): ContentItem => ({
  ...json(key, value),
  format: 'flat',
});
const plain = (key: string, body: string): ContentItem => ({
  ...json(key, ''),
  format: 'text',
  body,
});

const otelParts = [
  { role: 'user', parts: [{ type: 'text', content: 'hi' }], name: 'ada' },
  {
    role: 'assistant',
    parts: [
      { type: 'reasoning', content: 'hm' },
      { type: 'tool_call', id: 'c1', name: 'search', arguments: { q: 'x' } },
    ],
    finish_reason: 'tool_call',
  },
  { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'found' }] },
];
const otelRead: Message[] = [
  { ...says('user', text('hi')), name: 'ada' },
  {
    ...says('assistant', { type: 'reasoning', content: 'hm' }, searchCall),
    finishReason: 'tool_call',
  },
  says('tool', { type: 'tool_call_response', id: 'c1', response: 'found' }),
];
const chat: Message[] = [
  says('system', text('be kind')),
  says('user', text('hi')),
  says('assistant', searchCall),
  says('tool', { type: 'tool_call_response', id: 'c1', response: 'found' }),
];

const inputs: [string, ContentItem[], Message[]][] = [
  ['the parts of OpenTelemetry', [json('gen_ai.input.messages', otelParts)], otelRead],
  [
    'the same as a JSON string',
    [json('gen_ai.input.messages', JSON.stringify(otelParts))],
    otelRead,
  ],
  [
    'the same as an AnyValue of OTLP',
    [
      json('gen_ai.input.messages', {
        arrayValue: {
          values: [
            {
              kvlistValue: {
                values: [
                  { key: 'role', value: { stringValue: 'user' } },
                  { key: 'content', value: { stringValue: 'hi' } },
                ],
              },
            },
          ],
        },
      }),
    ],
    [says('user', text('hi'))],
  ],
  [
    'OpenAI chat',
    [
      json('gen_ai.prompt', [
        { role: 'developer', content: 'be kind' },
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
        {
          role: 'assistant',
          content: null,
          tool_calls: [
            { id: 'c1', type: 'function', function: { name: 'search', arguments: '{"q":"x"}' } },
          ],
        },
        { role: 'tool', tool_call_id: 'c1', content: 'found' },
      ]),
    ],
    chat,
  ],
  [
    'a response of OpenAI chat',
    [
      json('output', {
        choices: [
          { index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' },
        ],
      }),
    ],
    [{ ...says('assistant', text('yes')), finishReason: 'stop' }],
  ],
  [
    'items of the Responses API',
    [
      json('input', [
        { role: 'user', content: [{ type: 'input_text', text: 'hi' }] },
        { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }] },
        { type: 'function_call', call_id: 'c1', name: 'search', arguments: '{"q":"x"}' },
        { type: 'function_call_output', call_id: 'c1', output: 'found' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'yes' }] },
      ]),
    ],
    [
      says('user', text('hi')),
      says('assistant', { type: 'reasoning', content: 'hm' }),
      says('assistant', searchCall),
      says('tool', { type: 'tool_call_response', id: 'c1', response: 'found' }),
      says('assistant', text('yes')),
    ],
  ],
  [
    'items of the OpenAI Agents SDK',
    [
      json('input', [
        { role: 'user', content: 'hi' },
        { type: 'function_call', callId: 'c1', name: 'search', arguments: '{"q":"x"}' },
        { type: 'function_call_result', callId: 'c1', output: { type: 'text', text: 'found' } },
      ]),
    ],
    [
      says('user', text('hi')),
      says('assistant', searchCall),
      says('tool', { type: 'tool_call_response', id: 'c1', response: 'found' }),
    ],
  ],
  [
    'blocks of Anthropic, with the system prompt beside them',
    [
      json('request', {
        system: [{ type: 'text', text: 'be kind' }],
        messages: [
          { role: 'user', content: 'hi' },
          {
            role: 'assistant',
            content: [
              { type: 'thinking', thinking: 'hm' },
              { type: 'tool_use', id: 'c1', name: 'search', input: { q: 'x' } },
            ],
          },
          {
            role: 'user',
            content: [
              {
                type: 'tool_result',
                tool_use_id: 'c1',
                content: [{ type: 'text', text: 'found' }],
              },
            ],
          },
        ],
      }),
    ],
    [
      says('system', text('be kind')),
      says('user', text('hi')),
      says('assistant', { type: 'reasoning', content: 'hm' }, searchCall),
      says('user', { type: 'tool_call_response', id: 'c1', response: 'found' }),
    ],
  ],
  [
    'flattened keys of OpenInference, numbers with gaps and in any order',
    [
      flat('llm.input_messages', {
        'llm.input_messages.10.message.role': 'tool',
        'llm.input_messages.10.message.content': 'found',
        'llm.input_messages.10.message.tool_call_id': 'c1',
        'llm.input_messages.0.message.role': 'system',
        'llm.input_messages.0.message.content': 'be kind',
        'llm.input_messages.2.message.role': 'user',
        'llm.input_messages.2.message.contents.0.message_content.type': 'text',
        'llm.input_messages.2.message.contents.0.message_content.text': 'hi',
        'llm.input_messages.3.message.role': 'assistant',
        'llm.input_messages.3.message.tool_calls.0.tool_call.id': 'c1',
        'llm.input_messages.3.message.tool_calls.0.tool_call.function.name': 'search',
        'llm.input_messages.3.message.tool_calls.0.tool_call.function.arguments': '{"q":"x"}',
      }),
    ],
    chat,
  ],
  [
    'flattened keys of OpenLLMetry',
    [
      flat('gen_ai.prompt', {
        '0.role': 'system',
        '0.content': 'be kind',
        '1.role': 'user',
        '1.content': 'hi',
        '2.role': 'assistant',
        '2.tool_calls.0.id': 'c1',
        '2.tool_calls.0.name': 'search',
        '2.tool_calls.0.arguments': '{"q":"x"}',
        '3.role': 'tool',
        '3.content': 'found',
        '3.tool_call_id': 'c1',
      }),
    ],
    chat,
  ],
  [
    'serialised objects of LangChain, in a batch of one',
    [
      json('gen_ai.prompt', {
        messages: [
          [
            {
              lc: 1,
              type: 'constructor',
              id: ['langchain_core', 'messages', 'SystemMessage'],
              kwargs: { content: 'be kind' },
            },
            {
              lc: 1,
              type: 'constructor',
              id: ['langchain_core', 'messages', 'HumanMessage'],
              kwargs: { content: 'hi' },
            },
            {
              lc: 1,
              type: 'constructor',
              id: ['langchain_core', 'messages', 'AIMessage'],
              kwargs: {
                content: [{ type: 'tool_use', id: 'c1', name: 'search', input: { q: 'x' } }],
                tool_calls: [{ id: 'c1', name: 'search', args: { q: 'x' } }],
              },
            },
            {
              lc: 1,
              type: 'constructor',
              id: ['langchain_core', 'messages', 'ToolMessage'],
              kwargs: { content: 'found', tool_call_id: 'c1' },
            },
          ],
        ],
      }),
    ],
    chat,
  ],
  [
    'plain dicts of LangChain',
    [
      json('input', {
        messages: [
          { type: 'human', data: { content: 'hi' } },
          { type: 'ai', content: 'yes' },
        ],
      }),
    ],
    [says('user', text('hi')), says('assistant', text('yes'))],
  ],
  [
    'a prompt of the AI SDK',
    [
      json('ai.prompt.messages', [
        { role: 'system', content: 'be kind' },
        { role: 'user', content: [{ type: 'text', text: 'hi' }] },
        {
          role: 'assistant',
          content: [{ type: 'tool-call', toolCallId: 'c1', toolName: 'search', input: { q: 'x' } }],
        },
        {
          role: 'tool',
          content: [
            {
              type: 'tool-result',
              toolCallId: 'c1',
              toolName: 'search',
              output: { type: 'text', value: 'found' },
            },
          ],
        },
      ]),
    ],
    chat,
  ],
  [
    'a bare prompt of the AI SDK',
    [json('ai.prompt', { system: 'be kind', prompt: 'hi' })],
    [says('system', text('be kind')), says('user', text('hi'))],
  ],
  [
    'contents of Gemini',
    [
      json('request', {
        systemInstruction: { parts: [{ text: 'be kind' }] },
        contents: [
          { role: 'user', parts: [{ text: 'hi' }] },
          {
            role: 'model',
            parts: [{ functionCall: { id: 'c1', name: 'search', args: { q: 'x' } } }],
          },
          {
            role: 'user',
            parts: [{ functionResponse: { id: 'c1', name: 'search', response: { hits: 1 } } }],
          },
        ],
      }),
    ],
    [
      says('system', text('be kind')),
      says('user', text('hi')),
      says('assistant', searchCall),
      says('user', { type: 'tool_call_response', id: 'c1', response: '{"hits":1}' }),
    ],
  ],
  [
    'old message events, one a message',
    [
      json('gen_ai.system.message', { content: 'be kind' }),
      json('gen_ai.user.message', { content: 'hi', 'gen_ai.system': 'openai' }),
      json('gen_ai.assistant.message', {
        tool_calls: '[{"id":"c1","function":{"name":"search","arguments":"{\\"q\\":\\"x\\"}"}}]',
      }),
      json('gen_ai.tool.message', { content: 'found', id: 'c1' }),
    ],
    chat,
  ],
  [
    'old message events in one list',
    [
      json('gen_ai.system.message', [
        { 'event.name': 'gen_ai.system.message', content: 'be kind' },
        { 'event.name': 'gen_ai.user.message', content: '[{"type":"text","text":"hi"}]' },
        {
          'event.name': 'gen_ai.assistant.message',
          tool_calls: [{ id: 'c1', function: { name: 'search', arguments: '{"q":"x"}' } }],
        },
        { 'event.name': 'gen_ai.tool.message', content: 'found', id: 'c1' },
      ]),
    ],
    chat,
  ],
  [
    'blocks of Bedrock inside events',
    [
      json('gen_ai.user.message', { content: '[{"text":"hi"}]' }),
      json('gen_ai.assistant.message', {
        content: '[{"toolUse":{"toolUseId":"c1","name":"search","input":{"q":"x"}}}]',
      }),
      json('gen_ai.user.message', {
        content: '[{"toolResult":{"toolUseId":"c1","content":[{"text":"found"}]}}]',
      }),
      json('gen_ai.choice', { finish_reason: 'end_turn', message: '[{"text":"yes"}]' }),
    ],
    [
      says('user', text('hi')),
      says('assistant', searchCall),
      says('user', { type: 'tool_call_response', id: 'c1', response: 'found' }),
      { ...says('assistant', text('yes')), finishReason: 'end_turn' },
    ],
  ],
  [
    'JSON that a model wrote as its text',
    [plain('gen_ai.prompt', '{"a":')],
    [says('user', text('{"a":'))],
  ],
  [
    'roles that objects would misunderstand',
    [
      flat('m', {
        '0.role': '__proto__',
        '0.content': 'a',
        '1.role': 'constructor',
        '1.content': 'b',
      }),
    ],
    [says('__proto__', text('a')), says('constructor', text('b'))],
  ],
  ['plain text', [plain('gen_ai.prompt', 'hi')], [says('user', text('hi'))]],
  ['a bare string as JSON', [json('gen_ai.input.messages', 'hi')], [says('user', text('hi'))]],
];

test.each(inputs)('reads %s', (_, content, expected) => {
  expect(readMessages({ content }, 'input_messages')).toEqual({ messages: expected, unread: [] });
});

const answer = (item: ContentItem): ContentItem => ({ ...item, slot: 'output_messages' });

test('one answer spread over attributes of the AI SDK is one message', () => {
  const content = [
    answer(plain('ai.response.text', 'yes')),
    answer(
      json('ai.response.toolCalls', [
        { toolCallType: 'function', toolCallId: 'c1', toolName: 'search', args: '{"q":"x"}' },
      ]),
    ),
    answer(plain('ai.response.reasoning', 'hm')),
  ];
  expect(readMessages({ content }, 'output_messages')).toEqual({
    messages: [says('assistant', { type: 'reasoning', content: 'hm' }, text('yes'), searchCall)],
    unread: [],
  });
});

test('a choice event is what the model said', () => {
  const content = [
    answer(
      json('gen_ai.choice', { index: 0, finish_reason: 'stop', message: '{"content":"yes"}' }),
    ),
  ];
  const [said] = readMessages({ content }, 'output_messages').messages;
  expect(said).toEqual({ ...says('assistant', text('yes')), finishReason: 'stop' });
});

test('system instructions are said by the system, as parts or as text', () => {
  const item = (body: unknown): ContentItem => ({
    ...json('gen_ai.system_instructions', body),
    slot: 'system_instructions',
  });
  for (const body of [[{ type: 'text', content: 'be kind' }], 'be kind']) {
    expect(readMessages({ content: [item(body)] }, 'system_instructions').messages).toEqual([
      says('system', text('be kind')),
    ]);
  }
});

const media: [string, unknown, Partial<MessagePart>][] = [
  [
    'a blob of OpenTelemetry',
    { type: 'blob', modality: 'image', mime_type: 'image/png', content: 'AAAA' },
    { modality: 'image', mimeType: 'image/png', reference: '', sizeBytes: 3 },
  ],
  [
    'a data URL of OpenAI',
    { type: 'image_url', image_url: { url: 'data:image/jpeg;base64,AAAAAA==' } },
    { modality: 'image', mimeType: 'image/jpeg', reference: '', sizeBytes: 4 },
  ],
  [
    'an address',
    { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    { modality: 'image', mimeType: '', reference: 'https://example.com/a.png', sizeBytes: null },
  ],
  [
    'sound of OpenAI',
    { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
    { modality: 'audio', mimeType: 'audio/wav', reference: '', sizeBytes: 3 },
  ],
  [
    'a source of Anthropic',
    { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'AAAA' } },
    { modality: 'file', mimeType: 'application/pdf', reference: '', sizeBytes: 3 },
  ],
  [
    'inline data of Gemini',
    { inlineData: { mimeType: 'video/mp4', data: 'AAA=' } },
    { modality: 'video', mimeType: 'video/mp4', reference: '', sizeBytes: 2 },
  ],
  [
    'an image of the AI SDK',
    { type: 'image', image: 'AAAA', mediaType: 'image/png' },
    { modality: 'image', mimeType: 'image/png', reference: '', sizeBytes: 3 },
  ],
];

test.each(media)('%s is told by type and size, its bytes are left out', (_, block, expected) => {
  const content = [json('m', [{ role: 'user', content: [block] }])];
  const { messages } = readMessages({ content }, 'input_messages');
  expect(messages).toEqual([says('user', { type: 'media', ...expected } as MessagePart)]);
  expect(JSON.stringify(messages)).not.toContain('AAA');
});

test('a part of a type nobody knows keeps its JSON', () => {
  const content = [json('m', [{ role: 'user', parts: [{ type: 'compaction', id: '1' }] }])];
  expect(readMessages({ content }, 'input_messages').messages).toEqual([
    says('user', {
      type: 'other',
      originalType: 'compaction',
      json: '{"type":"compaction","id":"1"}',
    }),
  ]);
});

const unreadable: [string, ContentItem][] = [
  ['JSON that was cut', { ...json('m', ''), body: '[{"role":"user","content":"hi' }],
  ['a long text that begins like JSON', plain('m', `[{"role":"${'x'.repeat(200_000)}`)],
  ['numbers', json('m', [1, 2, 3])],
  ['an object that is no message', json('m', { temperature: 1 })],
  ['nothing', json('m', null)],
];

test.each(unreadable)('%s is kept as it came', (_, item) => {
  expect(readMessages({ content: [item] }, 'input_messages')).toEqual({
    messages: [],
    unread: [item],
  });
});

test('what tells the same again in another vocabulary is kept, not shown twice', () => {
  const first = json('gen_ai.input.messages', otelParts);
  const again = json('gen_ai.prompt', [{ role: 'user', content: 'hi' }]);
  expect(readMessages({ content: [first, again] }, 'input_messages')).toEqual({
    messages: otelRead,
    unread: [again],
  });
});

test('whatever JSON comes, the answer is well formed and nothing throws', () => {
  const word = fc.constantFrom(
    'role',
    'content',
    'parts',
    'type',
    'text',
    'tool_calls',
    'message',
    'kwargs',
    'id',
    '__proto__',
    'messages',
    'function',
    'source',
    'tool_use',
    'constructor',
    'image',
    'user',
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'medium' },
      word,
      fc.constant(null),
      fc.integer(),
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(word, tie('tree'), { maxKeys: 5 }),
    ),
  }));
  const slots: MessageSlot[] = ['system_instructions', 'input_messages', 'output_messages'];
  fc.assert(
    fc.property(
      tree,
      fc.constantFrom('json', 'flat', 'text'),
      fc.constantFrom(...slots),
      (value, format, slot) => {
        const item: ContentItem = {
          slot,
          key: 'gen_ai.user.message',
          format,
          body: JSON.stringify(value),
        };
        const { messages, unread } = readMessages({ content: [item] }, slot);
        for (const one of messages) message.parse(one);
        expect(unread.length).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 1000 },
  );
});

test('a payload is cut to a million characters and says how many there were', () => {
  const long = toPayload(plain('output', 'x'.repeat(1_200_000)));
  expect([long.text.length, long.totalChars, long.json]).toEqual([1_000_000, 1_200_000, false]);
  expect(toPayload(json('output', { a: 1 }))).toEqual({
    key: 'output',
    json: true,
    text: '{"a":1}',
    totalChars: 7,
  });
  expect(toPayload(json('output', '{"a":1}')).text).toBe('{"a":1}');
});
