import { expect, test } from 'vitest';
import { startMatchers } from './matchers.ts';

test('a silence begins with what the link says', () => {
  expect(startMatchers({ rule: 'errors', group: 'a b', severity: '', metric: '' })).toEqual([
    { name: 'rule', operator: '=', value: 'errors' },
    { name: 'group', operator: '=', value: 'a b' },
  ]);
});

test('a link that says nothing leaves one to fill in', () => {
  expect(startMatchers({ rule: '', group: '', severity: '', metric: '' })).toEqual([
    { name: 'rule', operator: '=', value: '' },
  ]);
});
