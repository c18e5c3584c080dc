import { array, assert, constantFrom, nat, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { ServerSentEvents } from './server-sent-events.ts';

const read = (pieces: readonly Uint8Array[]): string[] => {
  const found: string[] = [];
  const events = new ServerSentEvents((data) => found.push(data));
  for (const piece of pieces) events.push(piece);
  events.end();
  return found;
};

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

test.each([
  ['one event', 'data: a\n\n', ['a']],
  ['no space after the colon', 'data:a\n\n', ['a']],
  ['two spaces: one belongs to the data', 'data:  a\n\n', [' a']],
  ['several lines', 'data: a\ndata: b\n\n', ['a\nb']],
  ['carriage returns', 'event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n', ['a', 'b']],
  ['comments, names and ids', ': hi\nevent: e\nid: 1\ndata: a\n\n: bye\n\n', ['a']],
  ['an end without an empty line', 'data: a\n\ndata: b', ['a', 'b']],
  ['nothing', '', []],
])('%s', (_, text, data) => {
  expect(read([bytes(text)])).toEqual(data);
});

test('it does not matter where the bytes are cut', () => {
  const line = string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text) && text !== '');
  const newline = constantFrom('\n', '\r\n');
  const cuts = array(nat(), { maxLength: 8 });
  assert(
    property(array(line), newline, cuts, (data, end, cuts) => {
      const all = bytes(data.map((text) => `data: ${text}${end}${end}`).join(''));
      const at = cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b);
      const pieces = [0, ...at].map((from, i) => all.slice(from, at[i] ?? all.length));
      expect(read(pieces)).toEqual(data);
    }),
  );
});
