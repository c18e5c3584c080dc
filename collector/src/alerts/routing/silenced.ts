/** Whether somebody asked for quiet about a group. */
import type { SilenceMatcher } from '../../contract.ts';
import type { KnownSilence } from '../alert-settings.ts';

/** What matchers look at: `rule`, `group`, `severity`, `metric` and the labels of the rule. */
export type SilenceFacts = Readonly<Record<string, string>>;

/** A silence begins at its start and is over at its end. */
export function isSilenced(
  silences: readonly KnownSilence[],
  facts: SilenceFacts,
  atMs: number,
): boolean {
  return silences.some(
    ({ matchers, startsAtMs, endsAtMs }) =>
      startsAtMs <= atMs && atMs < endsAtMs && matchesAll(matchers, facts),
  );
}

/** None at all match nothing: silence is never the answer to an empty question. */
export function matchesAll(matchers: readonly SilenceMatcher[], facts: SilenceFacts): boolean {
  return matchers.length > 0 && matchers.every((matcher) => matches(matcher, facts));
}

/** A label that the rule does not have is an empty one. */
function matches({ name, operator, value }: SilenceMatcher, facts: SilenceFacts): boolean {
  const fact = Object.hasOwn(facts, name) ? (facts[name] ?? '') : '';
  const isMatch =
    operator === '=' || operator === '!=' ? fact === value : matchesPattern(value, fact);
  return operator === '=' || operator === '=~' ? isMatch : !isMatch;
}

/** The whole text; `*` stands for any number of any characters. No regular expression: people write these. */
export function matchesPattern(pattern: string, text: string): boolean {
  const [first = '', ...rest] = pattern.split('*');
  const last = rest.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first)) return false;
  let from = first.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found === -1) return false;
    from = found + part.length;
  }
  return text.length - last.length >= from && text.endsWith(last);
}
