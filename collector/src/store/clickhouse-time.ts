/** What a `DateTime64(9, 'UTC')` of our tables may hold. */

/** The minute in the sorting key is a 32-bit number of seconds; what lies outside is moved to the nearer end. */
export const latestTimeUnixNano = 4_294_967_295_999_999_999n;

export function clampTime(unixNano: bigint): bigint {
  if (unixNano < 0n) return 0n;
  return unixNano > latestTimeUnixNano ? latestTimeUnixNano : unixNano;
}
