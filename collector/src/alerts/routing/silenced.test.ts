import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { silenceMatcher, type SilenceMatcher } from '../../contract.ts';
import { isSilenced, matchesAll, matchesPattern } from './silenced.ts';

const facts = { rule: 'slow', group: 'research agent', severity: 'critical', team: 'search' };
const toMatcher = (text: string): SilenceMatcher => {
  const [, name, operator, value] = /^(\w+)(=~|!~|!=|=)(.*)$/.exec(text) ?? [];
  return silenceMatcher.parse({ name, operator, value });
};

describe('matchers', () => {
  test.each<[string, readonly string[], boolean]>([
    ['the same text', ['rule=slow'], true],
    ['another text', ['rule=slo'], false],
    ['not that text', ['severity!=warning'], true],
    ['not the text it is', ['severity!=critical'], false],
    ['a pattern', ['group=~research*'], true],
    ['a pattern of a part', ['group=~*search*'], true],
    ['a pattern is the whole text', ['group=~research'], false],
    ['not a pattern', ['group!~writer*'], true],
    ['not the pattern it has', ['group!~*agent'], false],
    ['a star in a text is a star', ['group=research*'], false],
    ['a dot in a pattern is a dot', ['rule=~s..w'], false],
    ['a label', ['team=search'], true],
    ['a label that is not there is empty', ['region='], true],
    ['a label that is not there is no other', ['region!=eu'], true],
    ['nothing is inherited', ['constructor='], true],
    ['all of them', ['rule=slow', 'team=search'], true],
    ['one of them not', ['rule=slow', 'team=billing'], false],
    ['none at all', [], false],
  ])('%s', (_, matchers, expected) => {
    expect(matchesAll(matchers.map(toMatcher), facts)).toBe(expected);
  });
});

test('a silence begins at its start and is over at its end', () => {
  const silence = { id: 's', startsAtMs: 100, endsAtMs: 200, author: 'me', reason: 'deploy' };
  const silences = [{ ...silence, matchers: [toMatcher('rule=slow')] }];
  const at = [99, 100, 199, 200].map((atMs) => isSilenced(silences, facts, atMs));
  expect(at).toEqual([false, true, true, false]);
});

test('patterns match as the regular expression would that they stand for', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
  fc.assert(
    fc.property(text, text, (pattern, value) => {
      const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
      expect(matchesPattern(pattern, value)).toBe(new RegExp(`^${parts.join('.*')}$`).test(value));
    }),
    { numRuns: 2_000 },
  );
});

test('a pattern of many stars takes no time', () => {
  const pattern = `${'*a'.repeat(90)}*b`;
  expect(matchesPattern(pattern, 'a'.repeat(100_000))).toBe(false);
});
