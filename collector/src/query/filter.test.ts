import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { FilterError, parseFilter, type FilterTerm } from './filter.ts';

const readable: [string, Partial<FilterTerm>[]][] = [
  ['', []],
  ['   ', []],
  ['agent:planner', [{ type: 'text', field: 'agent', value: 'planner', negated: false }]],
  ['AGENT:planner', [{ type: 'text', field: 'agent', value: 'planner' }]],
  ['-agent:x', [{ type: 'text', field: 'agent', value: 'x', negated: true }]],
  ['model:gpt*', [{ type: 'text', field: 'model', value: 'gpt*', quoted: false }]],
  ['tool:"a \\"b\\" \\\\"', [{ type: 'text', field: 'tool', value: 'a "b" \\', quoted: true }]],
  ['cost>0.1', [{ type: 'number', field: 'cost', comparison: '>', value: '0.1' }]],
  ['cost:$2', [{ type: 'number', field: 'cost', comparison: '=', value: '2' }]],
  ['tokens>=10k', [{ type: 'number', field: 'tokens', comparison: '>=', value: '10000' }]],
  ['duration>1.5s', [{ type: 'number', field: 'duration', comparison: '>', value: '1500000000' }]],
  ['attributes.foo.bar:baz', [{ type: 'attribute', key: 'foo.bar', value: 'baz' }]],
  ['attributes."a b":c', [{ type: 'attribute', key: 'a b', value: 'c' }]],
  [
    'plan "my trip"',
    [
      { type: 'words', value: 'plan' },
      { type: 'words', value: 'my trip' },
    ],
  ],
  ['-', [{ type: 'words', value: '-', negated: false }]],
];

test.each(readable)('reads %j', (text, expected) => {
  const terms = parseFilter(text);
  expect(terms).toMatchObject(expected);
  expect(terms).toHaveLength(expected.length);
});

const unreadable: [string, string, number, number][] = [
  ['colour:red', 'There is no field colour.', 0, 10],
  ['ok agent:', 'Write a value after agent:, as in agent:value.', 3, 9],
  ['agent>5', 'agent is text: write agent:value.', 0, 7],
  ['cost>cheap', 'A cost is a number of USD, as in cost>0.25.', 0, 10],
  ['duration>5', 'A duration has a unit (ms, s, m, h, d), as in duration>5s.', 0, 10],
  ['spans>many', 'spans is a number, as in spans>100 or spans>10k.', 0, 10],
  ['name:"open', 'Close the quote.', 5, 10],
  ['""', 'Write something between the quotes.', 0, 2],
];

test.each(unreadable)('refuses %j and says where', (text, message, start, end) => {
  const refusal = readRefusal(text);
  expect(refusal?.message.slice(0, message.length)).toBe(message);
  expect(refusal?.position).toEqual({ start, end });
});

function readRefusal(text: string): FilterError | undefined {
  try {
    parseFilter(text);
    return undefined;
  } catch (error) {
    if (error instanceof FilterError) return error;
    throw error;
  }
}

test('more than twenty words are refused', () => {
  expect(() => parseFilter('a '.repeat(21))).toThrow(FilterError);
});

test('any text is read or refused with a place inside it, and terms follow one another', () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc
          .array(
            fc.constantFrom(
              'agent',
              ':',
              '"',
              '\\',
              '-',
              ' ',
              '>',
              '=',
              'cost',
              '1',
              'attributes.',
              '*',
            ),
          )
          .map((words) => words.join('')),
      ),
      (text) => {
        const places = readPlaces(text);
        for (const { start, end } of places) {
          expect(start).toBeLessThan(end);
          expect(end).toBeLessThanOrEqual(text.length);
        }
        expect(places.map((place) => place.start)).toEqual(
          places.map((place) => place.start).toSorted((a, b) => a - b),
        );
      },
    ),
    { numRuns: 1000 },
  );
});

function readPlaces(text: string) {
  const refusal = readRefusal(text);
  return refusal ? [refusal.position] : parseFilter(text).map((term) => term.position);
}
