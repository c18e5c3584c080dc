import { expect, test } from 'vitest';
import { problemAt, readProblems } from './field-problems.ts';

test('each sentence of the server belongs to its field', () => {
  const found = readProblems(
    'rule.window: Write a duration such as 30s, 5m. condition.pairs.0.short: choose one shorter than 1h. by: loop_rate cannot be told by agent. Choose none.',
  );
  expect(found.other).toBe('');
  expect(problemAt(found, 'window')).toBe('Write a duration such as 30s, 5m.');
  expect(problemAt(found, 'condition')).toBe('Choose one shorter than 1h.');
  expect(problemAt(found, 'by')).toBe('loop_rate cannot be told by agent. Choose none.');
  expect(problemAt(found, 'for')).toBe('');
});

test('two sentences of one field stay together', () => {
  expect(
    problemAt(
      readProblems('labels.a: choose another name. labels.b: choose another too.'),
      'labels',
    ),
  ).toBe('Choose another name. Choose another too.');
});

test('what names no field is said of the rule', () => {
  const sentence = 'The server does not answer. Is it running?';
  expect(readProblems(sentence)).toEqual({ fields: new Map(), other: sentence });
});
