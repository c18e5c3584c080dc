/** What a price list asks for input, as far as a report multiplies it itself: what caching saved, or would have. */

/** Trillionths of a USD for a million tokens. */
export type InputRates = {
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: bigint;
};

/** Today's; null = no price is known. Composed by the server of the prices that calls are priced by. */
export type FindInputRates = (provider: string, model: string) => InputRates | null;

const perMillion = 1_000_000n;

/** What reads saved, less what writes cost on top of plain input. Negative when writes were never made good. */
export function toSaved(rates: InputRates, readTokens: number, writtenTokens: number): bigint {
  const saved = BigInt(readTokens) * (rates.input - rates.cacheRead);
  const added = BigInt(writtenTokens) * (rates.cacheWrite - rates.input);
  return (saved - added) / perMillion;
}

/** What a cache would have saved on tokens that were sent again. Never negative. */
export function toSaveable(rates: InputRates, tokens: number): bigint {
  const saved = (BigInt(tokens) * (rates.input - rates.cacheRead)) / perMillion;
  return saved > 0n ? saved : 0n;
}
