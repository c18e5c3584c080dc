import type { Pricer } from './pricer.ts';

/** What a model's provider asks for a million input tokens, in trillionths of a USD. */
export type ListedInput = {
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: bigint;
};

/** Prices of today, of small inputs: enough for what a report says of caches. null = no price of input is known. */
export function createInputRates(
  price: Pick<Pricer, 'findPrice'>,
): (provider: string, model: string) => ListedInput | null {
  return (provider, model) => {
    const rates = price.findPrice(provider, model, '', '')?.ratesAt(Date.now()) ?? null;
    if (rates === null || rates.input === null) return null;
    const input = rates.input.base;
    return {
      input,
      cacheRead: rates.cacheRead?.base ?? input,
      cacheWrite: rates.cacheWrite?.base ?? input,
    };
  };
}
