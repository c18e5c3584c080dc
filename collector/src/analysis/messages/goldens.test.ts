/** The messages of every sender that is recorded or written down in testdata/otlp, read as a page reads them. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ContentItem } from '../../span.ts';
import { readMessages, type MessageSlot } from './read-messages.ts';

type Row = { readonly name: string; readonly content?: readonly ContentItem[] };

const folder = join(import.meta.dirname, '../../../testdata/otlp');
const goldens = readdirSync(folder, { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.golden.json'))
  .sort();
const readRows = (file: string) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Row[];

const slots: readonly MessageSlot[] = ['system_instructions', 'input_messages', 'output_messages'];

describe.each(goldens)('%s', (file) => {
  test('every body that is a message is read, whole', () => {
    for (const { name, content = [] } of readRows(file)) {
      for (const slot of slots) {
        const told = content.some((item) => item.slot === slot && !isNothing(item));
        const { messages, unread } = readMessages({ content }, slot);
        expect(messages.length > 0, `${name}: ${slot}`).toBe(told || hasAnswers(content, slot));
        // What tells the same again in another vocabulary is left unread, and only that.
        expect(unread.filter((item) => !isNothing(item) && messages.length === 0)).toEqual([]);
        const parts = messages.flatMap((message) => message.parts);
        expect(parts.filter(({ type }) => type === 'other')).toEqual([]);
      }
    }
  });
});

function isNothing({ body }: ContentItem): boolean {
  return body === '[]' || body === '{}';
}

/** Pydantic AI's first version kept the answer among the events that went in. */
function hasAnswers(content: readonly ContentItem[], slot: MessageSlot): boolean {
  return slot === 'output_messages' && content.some(({ key }) => key === 'events');
}

/** Senders whose model is asked how warm it is in Lisbon, calls a tool and then answers. */
const weather = [
  'google-adk/transfer',
  'langfuse/weather',
  'langsmith/weather',
  'openllmetry/weather',
  'pydantic-ai/version-5',
  'strands/weather',
  'strands/weather-latest',
];

test.each(weather)('%s: the question and the answer are found', (name) => {
  const conversations = readRows(`${name}.golden.json`).map(({ content = [] }) => ({
    asked: readMessages({ content }, 'input_messages').messages,
    answered: readMessages({ content }, 'output_messages').messages,
  }));
  const question = { type: 'text', content: 'How warm is it in Lisbon?' };
  const answer = { type: 'text', content: '21 degrees in Lisbon.' };
  const found = conversations.find(({ answered }) =>
    answered.some(({ parts }) =>
      parts.some((part) => part.type === 'text' && part.content === answer.content),
    ),
  );
  expect(found?.answered.at(-1)).toMatchObject({ role: 'assistant', parts: [answer] });
  expect(found?.asked).toContainEqual(expect.objectContaining({ role: 'user', parts: [question] }));
});

const toolCallers = [
  ...weather.filter((name) => name !== 'langfuse/weather'),
  'openllmetry/python-flattened',
  'gemini-cli/turn',
  'pydantic-ai/versions-1-and-2',
  'anthropic/messages',
  'openai-agents/weather',
];

test.each(toolCallers)('%s: the call of a tool is found', (name) => {
  const parts = readRows(`${name}.golden.json`).flatMap(({ content = [] }) =>
    readMessages({ content }, 'output_messages').messages.flatMap((message) => message.parts),
  );
  expect(parts).toContainEqual(
    expect.objectContaining({
      type: 'tool_call',
      name: expect.stringMatching(/^(get_weather|transfer_to_\w+)$/),
    }),
  );
});
