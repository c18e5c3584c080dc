/** What calls cost, told apart by kinds of tokens: exact in sum, whatever is known of prices. */
import { tokenTypes, type ListPrices, type TokenType } from './list-prices.ts';

export type Tokens = Readonly<Record<TokenType, bigint>>;

/** `unsplit` is what no kind of tokens can bear: calls that cost something and told no usage. */
export type Part = {
  readonly type: TokenType | 'unsplit';
  readonly tokens: bigint;
  readonly trillionths: bigint;
};

/** By what: `exact` = the list prices of the tokens are the cost; `list` = in their proportion; `tokens` = by number alone. */
export type SplitBy = 'exact' | 'list' | 'tokens' | 'none';

export type Split = { readonly by: SplitBy; readonly parts: readonly Part[] };

export function splitCost(cost: bigint, tokens: Tokens, prices: ListPrices | null): Split {
  const used = tokenTypes.filter((type) => tokens[type] > 0n);
  if (used.length === 0) {
    return { by: 'none', parts: [{ type: 'unsplit', tokens: 0n, trillionths: cost }] };
  }
  const listed = used.map((type) => tokens[type] * (prices?.[type] ?? 0n));
  const isListed = listed.some((weight) => weight > 0n);
  const weights = isListed ? listed : used.map((type) => tokens[type]);
  const shares = allot(cost, weights);
  const isExact = isListed && shares.every((share, at) => share === (listed[at] ?? 0n) / million);
  return {
    by: isExact ? 'exact' : isListed ? 'list' : 'tokens',
    parts: used.map((type, at) => ({ type, tokens: tokens[type], trillionths: shares[at] ?? 0n })),
  };
}

const million = 1_000_000n;

/** In proportion, rounded down; what is left over goes to the largest weight. */
function allot(cost: bigint, weights: readonly bigint[]): bigint[] {
  const whole = weights.reduce((sum, weight) => sum + weight, 0n);
  const shares = weights.map((weight) => (cost * weight) / whole);
  const left = cost - shares.reduce((sum, share) => sum + share, 0n);
  const largest = weights.indexOf(weights.reduce((a, b) => (a > b ? a : b)));
  return shares.map((share, at) => (at === largest ? share + left : share));
}
