import { expect, test } from 'vitest';
import { childrenOf, ExactNumber, parseJson, summaryOf } from './json.ts';

test('what is not JSON is told apart from null', () => {
  expect([parseJson('{"a":'), parseJson('null')]).toEqual([undefined, null]);
});

test('a 64-bit id is not rounded', () => {
  expect(parseJson('{"id":9007199254740993,"n":12}')).toEqual({
    id: new ExactNumber('9007199254740993'),
    n: 12,
  });
});

test('a key called __proto__ is a key', () => {
  const value = parseJson('{"__proto__":{"polluted":true},"constructor":1}');
  expect(childrenOf(value ?? null)?.map(([key]) => key)).toEqual(['__proto__', 'constructor']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('leaves have no children, branches say how many', () => {
  expect([childrenOf('x'), childrenOf(null), childrenOf(new ExactNumber('1'))]).toEqual([
    null,
    null,
    null,
  ]);
  expect([summaryOf([1], 1), summaryOf({ a: 1, b: 2 }, 2)]).toEqual(['[1 item]', '{2 keys}']);
});
