import type { Silence } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { inOrder, intervalInWords, matchersInWords } from './silence-words.ts';

test('active ones come first, then those to come, then those that are over, newest first', () => {
  const silences = [
    { id: 'over', state: 'over', startsAtMs: 50 },
    { id: 'old', state: 'active', startsAtMs: 10 },
    { id: 'to come', state: 'waiting', startsAtMs: 99 },
    { id: 'new', state: 'active', startsAtMs: 20 },
  ] as Silence[];
  expect(inOrder(silences).map(({ id }) => id)).toEqual(['new', 'old', 'to come', 'over']);
});

test('matchers read as a sentence', () => {
  expect(
    matchersInWords([
      { name: 'rule', operator: '=', value: 'slow-agents' },
      { name: 'group', operator: '!~', value: 'coder*' },
    ]),
  ).toBe('rule is slow-agents and group is not like coder*');
});

const always = { weekdays: [], from: '00:00', to: '24:00', days: [], months: [] };

test.each([
  ['every day all day', always],
  ['Sat, Sun all day', { ...always, weekdays: ['sun' as const, 'sat' as const] }],
  ['every day 22:00 to 06:00 of the next day', { ...always, from: '22:00', to: '06:00' }],
  [
    'every day all day on days 1, -1 of the month in months 12',
    { ...always, days: [1, -1], months: [12] },
  ],
])('an interval is told as %s', (words, interval) => {
  expect(intervalInWords(interval)).toBe(words);
});
