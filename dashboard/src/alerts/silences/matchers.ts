/** What a silence holds back. */
import type { SilenceMatcher } from 'orchescope/contract';
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
