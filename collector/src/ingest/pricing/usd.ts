/** Money as whole trillionths of a USD: what the store keeps, and exact in every sum. */

const decimals = 12;

/** The store holds less than a million dollars a span; more is not believed. */
export const mostTrillionths = 1_000_000n * 10n ** 12n - 1n;

/** @param amount USD; a price list's 0.15000000000000002 is 0.15 */
export function toTrillionths(amount: number): bigint {
  const [whole = '0', fraction = ''] = amount.toFixed(decimals).split('.');
  return BigInt(whole + fraction);
}

/** Not negative, and whole; a plain decimal without zeros at its end. */
export function toUsd(trillionths: bigint | number): string {
  const digits = trillionths.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  return digits.slice(0, -decimals) + (fraction === '' ? '' : `.${fraction}`);
}
