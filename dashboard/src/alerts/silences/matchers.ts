/** What a silence holds back. */
import type { AlertRuleStatus, SilenceMatcher } from 'orchescope/contract';
import type { SilenceStart } from '../../routes.ts';

export const operatorWords: Readonly<Record<SilenceMatcher['operator'], string>> = {
  '=': 'is',
  '!=': 'is not',
  '=~': 'is like',
  '!~': 'is not like',
};

/** One matcher for each that is given; an empty one to begin with where nothing is. */
export function startMatchers(start: SilenceStart): SilenceMatcher[] {
  const { rule, group, severity, metric } = start;
  const given = Object.entries({ rule, group, severity, metric }).filter(
    ([, value]) => value !== '',
  );
  if (given.length === 0) return [{ name: 'rule', operator: '=', value: '' }];
  return given.map(([name, value]) => ({ name, operator: '=', value }));
}

/** Groups that fire now and would be held back; all must match. */
export function countHeldBack(
  matchers: readonly SilenceMatcher[],
  rules: readonly AlertRuleStatus[],
): { readonly held: number; readonly firing: number } {
  let held = 0;
  let firing = 0;
  for (const { rule, instances } of rules) {
    const { id, severity, metric, labels } = rule;
    for (const { group, incidentId } of instances) {
      if (incidentId === null) continue;
      firing += 1;
      const facts = new Map(Object.entries({ ...labels, rule: id, group, severity, metric }));
      if (matchers.every((matcher) => matches(matcher, facts.get(matcher.name) ?? ''))) held += 1;
    }
  }
  return { held, firing };
}

function matches({ operator, value }: SilenceMatcher, fact: string): boolean {
  switch (operator) {
    case '=':
      return fact === value;
    case '!=':
      return fact !== value;
    case '=~':
      return isLike(fact, value);
    case '!~':
      return !isLike(fact, value);
  }
}

/** Plain text, where `*` stands for anything. Looks for the pieces in order: no pattern makes it slow. */
function isLike(fact: string, pattern: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return fact === pattern;
  if (!fact.startsWith(head) || !fact.endsWith(tail)) return false;
  let at = head.length;
  for (const piece of rest) {
    const found = fact.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= fact.length - tail.length;
}
