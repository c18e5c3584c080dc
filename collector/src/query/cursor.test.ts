import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { traceSort } from '../contract.ts';
import { fromCursorText, toCursorText, type Cursor } from './cursor.ts';

const cursor: Cursor = {
  sort: 'cost',
  order: 'desc',
  from: '1795000000000000000',
  to: '1795086400000000000',
  value: '-1',
  traceId: 'a'.repeat(32),
};

test('a cursor comes back as it went out, and fits the contract', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...traceSort.options),
      fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }),
      (sort, value) => {
        const given = { ...cursor, sort, value: value.toString() };
        const text = toCursorText(given);
        expect(text.length).toBeLessThanOrEqual(400);
        expect(fromCursorText(text)).toEqual(given);
      },
    ),
  );
});

test.each([
  ['no JSON', 'abc'],
  ['nothing', ''],
  ['JSON of another shape', Buffer.from('[]').toString('base64url')],
  ['SQL for a value', toCursorText({ ...cursor, value: '1) OR 1=1 --' })],
  ['a number beyond 64 bits', toCursorText({ ...cursor, value: '9'.repeat(26) })],
])('%s is no cursor', (_, text) => {
  expect(fromCursorText(text)).toBeUndefined();
});
