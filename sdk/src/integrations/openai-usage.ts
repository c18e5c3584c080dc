import type { Usage } from '../facts.ts';
import { numberAt, told } from './json.ts';

/**
 * Tokens of an OpenAI answer, of either API and of those who imitate it. Input includes cached tokens and output
 * includes reasoning, as OpenAI counts; xAI leaves reasoning out of its completion tokens, which its total shows.
 */
export const openaiUsage = (usage: unknown): Usage | undefined => {
  if (typeof usage !== 'object' || usage === null) return undefined;
  const first = (...names: readonly (readonly string[])[]): number | undefined =>
    names.map((name) => numberAt(usage, ...name)).find((tokens) => tokens !== undefined);
  const inputTokens = first(['prompt_tokens'], ['input_tokens']);
  const output = first(['completion_tokens'], ['output_tokens']);
  const reasoningTokens = first(
    ['completion_tokens_details', 'reasoning_tokens'],
    ['output_tokens_details', 'reasoning_tokens'],
  );
  const apart = (inputTokens ?? 0) + (output ?? 0) + (reasoningTokens ?? 0);
  const leftOut = reasoningTokens !== undefined && numberAt(usage, 'total_tokens') === apart;
  return told({
    inputTokens,
    outputTokens: leftOut ? (output ?? 0) + reasoningTokens : output,
    cacheReadTokens: first(
      ['prompt_tokens_details', 'cached_tokens'],
      ['input_tokens_details', 'cached_tokens'],
      ['prompt_cache_hit_tokens'],
    ),
    cacheWriteTokens: first(
      ['prompt_tokens_details', 'cache_write_tokens'],
      ['input_tokens_details', 'cache_write_tokens'],
    ),
    reasoningTokens,
  });
};
