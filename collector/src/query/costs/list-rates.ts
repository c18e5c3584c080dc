/** What is asked for input, as far as a report multiplies it itself: what caching saved, or would have. */
import type { ModelUse } from '../../store/costs/read-costs.ts';

/** Trillionths of a USD for a million tokens. */
export type InputRates = {
  readonly input: bigint;
  readonly cacheRead: bigint;
  readonly cacheWrite: bigint;
};

/** Prices that calls are priced by, those of the project first. Composed by the server. */
export type InputPrices = {
  /** Those that held at that moment, by what is in force now; null = no price is known. */
  readonly findRates: (use: ModelUse) => InputRates | null;
  /** Midnights in UTC at which a price may change, in milliseconds. */
  readonly changesOf: (projectId: string) => readonly number[];
};

export const noInputPrices: InputPrices = { findRates: () => null, changesOf: () => [] };

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
