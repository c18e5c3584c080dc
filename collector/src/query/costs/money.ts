/** Money in answers: USD as a decimal string, of whole trillionths, however large. */
const decimals = 12;

export function toUsdText(trillionths: bigint): string {
  const size = trillionths < 0n ? -trillionths : trillionths;
  const digits = size.toString().padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  const whole = digits.slice(0, -decimals);
  const sign = trillionths < 0n ? '-' : '';
  return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}

/** null where there is nothing to divide by. */
export function divideUsd(trillionths: bigint, by: number): string | null {
  return by > 0 ? toUsdText(trillionths / BigInt(by)) : null;
}

/** null where there is nothing to divide by. */
export function toShare(part: bigint, whole: bigint): number | null {
  // Both in millionths of what they were: a double holds them.
  return whole === 0n ? null : Number(part) / Number(whole);
}
