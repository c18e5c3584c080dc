import type { Attribute } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { filterByAttribute, filterByField } from './filter-by.ts';

const attribute = (key: string, value: string, type: Attribute['type'] = 'string'): Attribute => ({
  key,
  type,
  value,
});

test.each([
  [attribute('tier', 'gold'), 'attributes.tier:gold'],
  [attribute('http.status', '404', 'int'), 'attributes.http.status:404'],
  [attribute('a b', 'x'), 'attributes."a b":x'],
  [attribute('q', 'say "hi" \\ bye*'), String.raw`attributes.q:"say \"hi\" \\ bye*"`],
  [attribute('a"b', 'x'), null],
  [attribute('empty', ''), null],
  [attribute('list', '[1]', 'array'), null],
  [attribute('long', 'x'.repeat(201)), null],
])('%j is found by %s', (given, filter) => {
  expect(filterByAttribute(given)).toBe(filter);
});

test('a model name with a slash needs no quotes', () => {
  expect(filterByField('model', 'openai/gpt-5')).toBe('model:openai/gpt-5');
});
