/** @param text a decimal with at most twelve places, however large */
export function toTrillionths(text: unknown): bigint {
  const [, sign = '', whole = '0', fraction = ''] =
    /^(-?)(\d+)(?:\.(\d+))?$/.exec(String(text)) ?? [];
  const size = BigInt(whole + fraction.padEnd(12, '0'));
  return sign === '-' ? -size : size;
}
