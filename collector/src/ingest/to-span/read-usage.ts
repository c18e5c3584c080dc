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
  const told = fields.get('inputTokens');
  const inputTokens = includeCache(told, cached, readKind.cacheBesideInput);
  const outputTokens = fields.get('outputTokens');
  const reasoningTokens = fields.get('reasoningTokens');
  const isBeside = isReasoningBeside(
    { told: told ?? 0, inputTokens: inputTokens ?? 0 },
    outputTokens ?? 0,
    reasoningTokens ?? 0,
    fields.get('totalTokens'),
    fields.get('provider') ?? '',
  );
  return {
    inputTokens,
    outputTokens:
      isBeside && outputTokens !== null ? outputTokens + (reasoningTokens ?? 0) : outputTokens,
    cacheReadTokens,
    cacheWriteTokens,
    reasoningTokens,
  };
}

/** Whose own answers count reasoning beside the output, and so do senders that pass them on. */
const besideProviders: ReadonlySet<string> = new Set([
  'x_ai',
  'gcp.gemini',
  'gcp.vertex_ai',
  'gcp.gen_ai',
]);

/** By the total, where it is told: it holds every token once. */
export function isReasoningBeside(
  input: { readonly told: number; readonly inputTokens: number },
  output: number,
  reasoning: number,
  total: number | null,
  provider: string,
): boolean {
  if (reasoning === 0) return false;
  const rest = output + reasoning;
  if (total === input.told + rest || total === input.inputTokens + rest) return true;
  return reasoning > output && besideProviders.has(provider);
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
