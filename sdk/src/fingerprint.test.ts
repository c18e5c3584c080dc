import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprint } from './fingerprint.ts';

const circle: Record<string, unknown> = {};
circle['self'] = circle;

class Point {
  x = 1;
  get y(): number {
    throw new Error('not to be called');
  }
}

test.each<[string, unknown, unknown]>([
  ['the order of keys', { a: 1, b: [2] }, { b: [2], a: 1 }],
  ['a member that is undefined', { a: 1, b: undefined }, { a: 1 }],
  ['dates of the same moment', new Date(5), new Date(5)],
  ['instances with the same members', new Point(), new Point()],
  ['sets', new Set([1, 2]), new Set([1, 2])],
  ['long texts', 'x'.repeat(1e6), 'x'.repeat(1e6)],
])('makes no difference: %s', (_, one, other) => {
  expect(fingerprint(one)).toBeTypeOf('string');
  expect(fingerprint(one)).toBe(fingerprint(other));
});

test.each<[string, unknown, unknown]>([
  ['numbers and texts', 1, '1'],
  ['the order of a list', [1, 2], [2, 1]],
  ['an empty list and an empty object', [], {}],
  ['nesting', [[1], 2], [[1, 2]]],
  ['null and undefined', null, undefined],
  ['dates', new Date(5), new Date(6)],
  ['maps', new Map([['a', 1]]), new Map([['a', 2]])],
  ['errors', new Error('a'), new Error('b')],
  ['addresses', new URL('http://a/b'), new URL('http://a/c')],
  ['the end of a long text', `${'x'.repeat(1e6)}a`, `${'x'.repeat(1e6)}b`],
  ['the length of a long text', 'x'.repeat(5_000), 'x'.repeat(5_001)],
  ['big integers', 10n, 11n],
])('tells apart: %s', (_, one, other) => {
  expect(fingerprint(one)).toBeTypeOf('string');
  expect(fingerprint(one)).not.toBe(fingerprint(other));
});

test.each<[string, unknown]>([
  ['a circle', circle],
  ['a large list', Array.from({ length: 1e6 }, (_, i) => i)],
  ['a large object', Object.fromEntries(Array.from({ length: 500 }, (_, i) => [i, i]))],
  ['a large set', new Set(Array.from({ length: 500 }, (_, i) => i))],
  ['bytes', new Uint8Array(4)],
  ['something deep', Array.from({ length: 50 }).reduce<unknown>((inner) => [inner], 1)],
  [
    'a proxy that throws',
    new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error('no');
        },
      },
    ),
  ],
])('nothing is said of %s', (_, value) => {
  expect(fingerprint(value)).toBeUndefined();
});

describe('any value', () => {
  test('has the fingerprint of its copy', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), (value) => {
        expect(fingerprint(structuredClone(value))).toBe(fingerprint(value));
      }),
    );
  });

  test('never makes it throw', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        expect(['string', 'undefined']).toContain(typeof fingerprint(value));
      }),
    );
  });
});
