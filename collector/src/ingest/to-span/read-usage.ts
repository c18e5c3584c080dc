import type { SpanKind, Usage } from '../../span.ts';
import type { Fields } from './read-fields.ts';
import type { ReadKind } from './read-kind.ts';

const none: Usage = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
};

const callKinds: ReadonlySet<SpanKind> = new Set(['llm', 'embedding']);

/** Agents and workflows repeat the sum of their calls: only the calls themselves may be added up. */
export function isOwnUsage({ kind, repeatsUsage }: ReadKind): boolean {
  return callKinds.has(kind) && !repeatsUsage;
}

export function readUsage(fields: Fields, readKind: ReadKind): Usage {
  if (!isOwnUsage(readKind)) return none;
  const cacheReadTokens = fields.get('cacheReadTokens');
  const cacheWriteTokens = fields.get('cacheWriteTokens');
  const cached = (cacheReadTokens ?? 0) + (cacheWriteTokens ?? 0);
  return {
    inputTokens: includeCache(fields.get('inputTokens'), cached, readKind.cacheBesideInput),
    outputTokens: fields.get('outputTokens'),
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens: fields.get('reasoningTokens'),
  };
}

/** Input holds the cached tokens. Where there are more cached ones than input, the sender left them out too. */
function includeCache(
  inputTokens: number | null,
  cached: number,
  isBeside: boolean,
): number | null {
  if (inputTokens === null) return null;
  return isBeside || cached > inputTokens ? inputTokens + cached : inputTokens;
}
