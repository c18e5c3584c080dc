/** The names a price list may know a model by, and how well a listed model fits the name that was asked for. */
import type { MatchLogic, ModelInfo } from '@pydantic/genai-prices';
import type { PriceMatch } from '../../span.ts';

/** `models/x`, `publishers/google/models/x`, `openai/x`, an ARN. */
const path = /^.*\//;
/** `-20250929`, `-2025-09-29`, `@20250929`, and what Bedrock writes behind it. */
const release = /[-@]20\d{2}-?\d{2}-?\d{2}(-v\d+)?(:\d+)?$|-v\d+(:\d+)?$|[-:]latest$/;

/** As it was asked for, without its path, and without its date: the first that the list knows is the one. */
export function toCandidates(model: string): readonly string[] {
  const asked = model.trim().toLowerCase();
  const last = asked.replace(path, '');
  return [...new Set([asked, last, last.replace(release, '')])].filter((name) => name !== '');
}

/** @param asked the candidate that was found, @param isFirst whether it is the name as it was sent */
export function toPriceMatch(model: ModelInfo, asked: string, isFirst: boolean): PriceMatch {
  const { names, prefixes } = namesOf(model);
  if (names.has(asked) || names.has(withDashes(asked))) return isFirst ? 'exact' : 'alias';
  const family = asked.replace(release, '');
  return names.has(family) || prefixes.has(family) ? 'alias' : 'prefix';
}

function namesOf(model: ModelInfo): { names: Set<string>; prefixes: Set<string> } {
  const names = new Set([model.id.toLowerCase()]);
  const prefixes = new Set<string>();
  const visit = (match: MatchLogic): void => {
    if ('or' in match) match.or.forEach(visit);
    else if ('and' in match) match.and.forEach(visit);
    else if ('equals' in match) names.add(match.equals.toLowerCase());
    else if ('starts_with' in match) prefixes.add(match.starts_with.toLowerCase());
  };
  visit(model.match);
  return { names, prefixes };
}

function withDashes(name: string): string {
  return name.replace(/-(20\d{2})(\d{2})(\d{2})$/, '-$1-$2-$3');
}
