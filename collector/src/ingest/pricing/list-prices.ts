import type { Pricer } from './pricer.ts';

/** What a model's provider asks for a million tokens of text of each kind, in trillionths of a USD. */
export type ListedTokens = {
  readonly input: bigint;
  readonly cache_read: bigint;
  readonly cache_write: bigint;
  readonly output: bigint;
  readonly reasoning: bigint;
};

/** Standard prices of a moment, of small inputs. null = no price of input is known, or none that goes by tokens. */
export function createListPrices(
  price: Pick<Pricer, 'findPrice'>,
): (provider: string, model: string, unixMs: number) => ListedTokens | null {
  return (provider, model, unixMs) => {
    const rates = price.findPrice(provider, model, '', '')?.ratesAt(unixMs) ?? null;
    if (rates === null || rates.input === null || rates.hour !== null) return null;
    const input = rates.input.base;
    // What has no price of output, such as an embedding, has no output.
    const output = rates.output?.base ?? 0n;
    return {
      input,
      cache_read: rates.cacheRead?.base ?? input,
      cache_write: rates.cacheWrite?.base ?? input,
      output,
      reasoning: rates.reasoning?.base ?? output,
    };
  };
}
