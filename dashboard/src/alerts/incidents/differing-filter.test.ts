import { expect, test } from 'vitest';
import { withFact } from './differing-filter.ts';

test.each([
  ['a plain value', 'workflow:refund', 'model', 'gpt-5', 'workflow:refund model:gpt-5'],
  ['all runs', '', 'model', 'gpt-5', 'model:gpt-5'],
  ['quotes', '', 'tool', 'a "b"', String.raw`tool:"a \"b\""`],
  ['an empty value', '', 'version', '', null],
  ['a field that is none', '', 'a:b c', 'x', null],
])('%s', (_, runsFilter, field, value, filter) => {
  expect(withFact(runsFilter, { field, value })).toBe(filter);
});
