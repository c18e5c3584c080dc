/** `Decimal(18, 12)` holds less than a million dollars; more is not believed. */
const decimals = 12;

/** Whole trillionths of a decimal text; null when it is none, or too much. */
export function toTrillionths(usd: string): bigint | null {
  const plain = /^-?\d+(\.\d+)?$/.test(usd) ? usd : toPlainDecimal(Number(usd));
  const [, sign = '', whole = '', fraction = ''] =
    /^(-?)0*(\d{1,6}?)(?:\.(\d+))?$/.exec(plain) ?? [];
  if (whole === '') return null;
  const digits = BigInt(whole + fraction.slice(0, decimals).padEnd(decimals, '0'));
  return sign === '-' ? -digits : digits;
}

function toPlainDecimal(value: number): string {
  return Number.isFinite(value) && Math.abs(value) < 1e6 ? value.toFixed(decimals) : '';
}

const most = 10n ** 18n - 1n;

/** What is too much for the column is the most it can hold. */
export function toDecimalText(trillionths: bigint): string {
  const size = trillionths < 0n ? -trillionths : trillionths;
  const digits = String(size > most ? most : size).padStart(decimals + 1, '0');
  const sign = trillionths < 0n ? '-' : '';
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
