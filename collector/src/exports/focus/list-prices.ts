/** What a provider's list asks, as far as a file of charges names prices. */

/** Tokens in buckets that add up, as a report has them. */
export const tokenTypes = ['input', 'cache_read', 'cache_write', 'output', 'reasoning'] as const;
export type TokenType = (typeof tokenTypes)[number];

/** Trillionths of a USD for a million tokens. */
export type ListPrices = Readonly<Record<TokenType, bigint>>;

/** At a moment; null = no price is known. Composed by the server of the prices that calls are priced by. */
export type FindListPrices = (provider: string, model: string, unixMs: number) => ListPrices | null;
