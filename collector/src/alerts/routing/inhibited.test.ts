import { expect, test } from 'vitest';
import { isInhibited } from './inhibited.ts';
import { toRule } from './routing.testing.ts';

/** `a<b c` = a is inhibited by b and c. Answers which of the rules that fire keep quiet. */
function toQuiet(texts: readonly string[], firing: readonly string[]): string[] {
  const rules = texts.map((text) => {
    const [id = '', by = ''] = text.split('<');
    return toRule({ id, inhibitedBy: by.split(' ').filter((name) => name !== '') });
  });
  return rules
    .filter((rule) => firing.includes(rule.id) && isInhibited(rule, rules, new Set(firing)))
    .map(({ id }) => id);
}

test.each<[string, readonly string[], readonly string[], readonly string[]]>([
  ['another rule that fires', ['a<b', 'b'], ['a', 'b'], ['a']],
  ['another rule that does not fire', ['a<b', 'b'], ['a'], []],
  ['any of several', ['a<b c', 'b', 'c'], ['a', 'c'], ['a']],
  ['a rule that is not there', ['a<z'], ['a'], []],
  ['itself never', ['a<a'], ['a'], []],
  ['a chain: all but its head', ['a<b', 'b<c', 'c'], ['a', 'b', 'c'], ['a', 'b']],
  ['each other: one of the two speaks', ['a<b', 'b<a'], ['a', 'b'], ['b']],
  ['a circle of three: somebody speaks', ['a<b', 'b<c', 'c<a'], ['a', 'b', 'c'], ['c']],
  ['a circle that is broken by one that does not fire', ['a<b', 'b<c', 'c<a'], ['a', 'b'], ['a']],
])('%s', (_, rules, firing, quiet) => {
  expect(toQuiet(rules, firing)).toEqual(quiet);
});
