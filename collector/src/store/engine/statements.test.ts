import { expect, test } from 'vitest';
import { quoteIdentifier, quoteLiteral, toPreparation } from './statements.ts';

test.each([
  ['plain', "'plain'"],
  ["it's", String.raw`'it\'s'`],
  [String.raw`back\slash'`, String.raw`'back\\slash\''`],
  ['nul\0', String.raw`'nul\0'`],
])('literal %j', (value, literal) => {
  expect(quoteLiteral(value)).toBe(literal);
});

test('a name cannot leave its quotes', () => {
  expect(quoteIdentifier('a`; DROP TABLE `b')).toBe('`a\\`; DROP TABLE \\`b`');
});

test('database, settings and parameters become one USE and one SET; the rest is the transport', () => {
  const sent =
    'query_id=1&database=o&max_threads=2&param_a=x&default_format=JSON&wait_end_of_query=1';
  expect(toPreparation(new URLSearchParams(sent))).toEqual([
    'USE `o`',
    "SET max_threads = '2', param_a = 'x'",
  ]);
});

test.each(['a b', 'a=1;b', '', '1a', 'a.b', 'ä'])('%j is no name of a setting', (name) => {
  expect(() => toPreparation([[name, '1']])).toThrow(/not a plain word/);
});
