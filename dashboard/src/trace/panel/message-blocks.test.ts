import type { Message, MessagePart } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { toReadableMessages, type MessageBlock } from './message-blocks.ts';

const message = (role: string, ...parts: MessagePart[]): Message => ({
  role,
  name: '',
  finishReason: '',
  parts,
});
const call = (id: string): MessagePart => ({
  type: 'tool_call',
  id,
  name: 'search',
  arguments: '{}',
});
const result = (id: string): MessagePart => ({ type: 'tool_call_response', id, response: 'found' });
const text: MessagePart = { type: 'text', content: 'hello' };

test.each([
  ['text stays text', [message('user', text)], [['user', 'text']]],
  [
    'a result joins its call, and its own message goes',
    [message('assistant', text, call('1')), message('tool', result('1'))],
    [['assistant', 'text', 'search {} -> found']],
  ],
  [
    'two calls find their own results',
    [message('assistant', call('1'), call('2')), message('tool', result('2'))],
    [['assistant', 'search {} -> nothing', 'search {} -> found']],
  ],
  [
    'a result without its call stands alone',
    [message('tool', result('9'))],
    [['tool', ' nothing -> found']],
  ],
  [
    'calls without ids are not matched to each other',
    [message('assistant', call('')), message('tool', result(''))],
    [
      ['assistant', 'search {} -> nothing'],
      ['tool', ' nothing -> found'],
    ],
  ],
  ['an empty message is shown as empty', [message('assistant')], [['assistant']]],
])('%s', (_, messages, expected) => {
  const readable = toReadableMessages(messages).map(({ role, blocks }) =>
    [role].concat(blocks.map(describe)),
  );
  expect(readable).toEqual(expected);
});

function describe(block: MessageBlock): string {
  if (block.type !== 'tool') return block.type;
  return `${block.name} ${block.arguments ?? 'nothing'} -> ${block.response ?? 'nothing'}`;
}
