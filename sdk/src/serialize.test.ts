import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutText, serialize } from './serialize.ts';

const shared = [1];
const cyclic: { self?: unknown; name: string } = { name: 'loop' };
cyclic.self = cyclic;

const throwing = {
  good: 1,
  get bad(): never {
    throw new Error('getter');
  },
  last: 2,
};

const hostileProxy = new Proxy(
  {},
  {
    get: () => {
      throw new Error('trap');
    },
    ownKeys: () => {
      throw new Error('trap');
    },
  },
);

test.each<[string, unknown, string]>([
  [
    'a plain object as JSON would have it',
    { a: 1, b: [true, null, 'x'] },
    '{"a":1,"b":[true,null,"x"]}',
  ],
  ['a cycle says so', cyclic, '{"name":"loop","self":"[circular]"}'],
  ['the same object twice is no cycle', [shared, shared], '[[1],[1]]'],
  ['a bigint keeps its digits', { big: 2n ** 70n }, '{"big":"1180591620717411303424"}'],
  ['numbers JSON lacks are words', [Number.NaN, -Infinity], '["NaN","-Infinity"]'],
  ['undefined and functions leave an object', { a: undefined, f: () => 1, b: 2 }, '{"b":2}'],
  ['undefined alone is null', undefined, 'null'],
  ['a getter that throws costs itself alone', throwing, '{"good":1,"bad":"[unreadable]","last":2}'],
  ['a proxy that throws at everything', { p: hostileProxy, q: 1 }, '{"p":"[unreadable]","q":1}'],
  ['an error is its name and message', new TypeError('no'), '{"name":"TypeError","message":"no"}'],
  ['a date is ISO', new Date(0), '"1970-01-01T00:00:00.000Z"'],
  ['an invalid date does not throw', new Date(Number.NaN), '"Invalid Date"'],
  ['a buffer is its size', Buffer.alloc(3), '"[3 bytes]"'],
  [
    'a map is an object',
    new Map<unknown, unknown>([
      ['a', 1],
      [{}, 2],
    ]),
    '{"a":1,"object":2}',
  ],
  ['a set is its values', new Set([1, 2]), '{"values":[1,2]}'],
  ['toJSON is honoured', { toJSON: () => ({ id: 'x' }) }, '{"id":"x"}'],
  ['toJSON that throws', { toJSON: () => JSON.parse('{') }, '"[unreadable]"'],
  ['a member called __proto__', JSON.parse('{"__proto__":1}'), '{"__proto__":1}'],
  ['half a surrogate pair is escaped', '\ud800', String.raw`"\ud800"`],
])('%s', (_, value, text) => {
  expect(serialize(value, 16_384)).toEqual({ text, truncated: false });
});

test('25 MB are not walked: the text stays within the limit and parses', () => {
  const huge = { rows: Array.from({ length: 250_000 }, () => 'x'.repeat(100)) };
  const { text, truncated } = serialize(huge, 16_384);
  expect(truncated).toBe(true);
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(16_384);
  expect((JSON.parse(text) as typeof huge).rows[0]).toBe('x'.repeat(100));
});

test('a value deeper than we go is cut, not followed', () => {
  let deep: unknown = 'bottom';
  for (let i = 0; i < 100_000; i += 1) deep = [deep];
  expect(serialize(deep, 16_384).truncated).toBe(true);
});

test('a replacement that throws hides the value', () => {
  const replace = (): never => {
    throw new Error('hook');
  };
  expect(serialize('secret', 100, replace).text).toBe('"[unreadable]"');
});

test('any value within any limit is valid JSON of at most that size', () => {
  const anything = fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: true,
  });
  fc.assert(
    fc.property(anything, fc.integer({ min: 5, max: 400 }), (value, limit) => {
      const { text } = serialize(value, limit);
      expect(() => JSON.parse(text) as unknown).not.toThrow();
      expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
    }),
    { numRuns: 500 },
  );
});

/** Any text at all, halves of surrogate pairs and control characters among it. */
const anyText = fc
  .array(fc.integer({ min: 0, max: 0xff_ff }), { maxLength: 100 })
  .map((units) => String.fromCharCode(...units));

test('a text of any characters is cut within the limit', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 5, max: 300 }), (text, limit) => {
      const { text: json, truncated } = serialize(text, limit);
      expect(Buffer.byteLength(json)).toBeLessThanOrEqual(limit);
      const read = JSON.parse(json) as string;
      expect(truncated ? text.startsWith(read.slice(0, -1)) : read === text).toBe(true);
    }),
    { numRuns: 1000 },
  );
});

test.each(['\ud83d\ude00', '\ud800', '\udc00x', 'a\u0001', '"\\', 'é', '語'])(
  'the size of %j is known to the byte',
  (character) => {
    const text = character.repeat(5);
    const json = JSON.stringify([text, text]);
    const bytes = Buffer.byteLength(json);
    expect(serialize([text, text], bytes)).toEqual({ text: json, truncated: false });
    expect(serialize([text, text], bytes - 1).truncated).toBe(true);
  },
);

test('what fits comes back as JSON itself would give it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
      expect(JSON.parse(serialize(value, 1_000_000).text)).toEqual(
        JSON.parse(JSON.stringify(value)),
      );
    }),
  );
});

test('a text is cut at a whole character, within the limit', () => {
  fc.assert(
    fc.property(anyText, fc.integer({ min: 3, max: 200 }), (text, limit) => {
      const cut = cutText(text, limit);
      expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(limit);
      expect(cut === text || text.startsWith(cut.slice(0, -1))).toBe(true);
      expect(text.isWellFormed() && !cut.isWellFormed()).toBe(false);
    }),
  );
});
