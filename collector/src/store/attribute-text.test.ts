import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributeValue } from '../span.ts';
import {
  attributeType,
  fromAttributesJson,
  fromAttributeText,
  toAttributesJson,
  toAttributeText,
} from './attribute-text.ts';
import { attributesArbitrary, attributeValueArbitrary } from './span-arbitrary.ts';

const cases: [string, AttributeValue, string, string][] = [
  ['a string stays itself', 'hello', 'string', 'hello'],
  ['a whole number is an int', 7, 'int', '7'],
  ['an int beyond 2^53 keeps its digits', 9_007_199_254_740_993n, 'int', '9007199254740993'],
  ['a fraction is a double', 0.25, 'double', '0.25'],
  ['a double too large to be exact is no int', 1e300, 'double', '1e+300'],
  ['NaN is a double', Number.NaN, 'double', 'NaN'],
  ['bytes are base64', { bytes: 'AAE=' }, 'bytes', 'AAE='],
  ['nothing is empty', null, 'empty', ''],
  ['an array is JSON', ['a', 1, null], 'array', '["a",1,null]'],
  ['a map is JSON', new Map([['k', true]]), 'map', '{"k":true}'],
  ['bytes inside are tagged', [{ bytes: 'AAE=' }], 'array', '[{"$bytes":"AAE="}]'],
  [
    'a map that looks like a tag is told apart',
    new Map([['$bytes', 'AAE=']]),
    'map',
    '{"$$bytes":"AAE="}',
  ],
];

test.each(cases)('%s', (_, value, type, text) => {
  expect(attributeType(value)).toBe(type);
  expect(toAttributeText(value)).toBe(text);
  expect(fromAttributeText(type, text)).toEqual(value);
});

test('any value is read back equal', () => {
  fc.assert(
    fc.property(attributeValueArbitrary, (value) => {
      expect(fromAttributeText(attributeType(value), toAttributeText(value))).toEqual(value);
    }),
  );
});

test('any attribute map is read back equal from one JSON text', () => {
  fc.assert(
    fc.property(attributesArbitrary, (attributes) => {
      expect(fromAttributesJson(toAttributesJson(attributes))).toEqual(attributes);
    }),
  );
});

test('half of a surrogate pair becomes a replacement character', () => {
  expect(toAttributeText('a\ud800b')).toBe('a\ufffdb');
  expect(toAttributeText(['\udc00'])).toBe('["\ufffd"]');
});
