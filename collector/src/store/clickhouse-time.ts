/** Nanoseconds since the epoch <-> the text of a `DateTime64(9, 'UTC')`. */

/** The minute in the sorting key is a 32-bit number of seconds; what lies outside is moved to the nearer end. */
export const latestTimeUnixNano = 4_294_967_295_999_999_999n;

const nanosecondsPerSecond = 1_000_000_000n;

export function clampTime(unixNano: bigint): bigint {
  if (unixNano < 0n) return 0n;
  return unixNano > latestTimeUnixNano ? latestTimeUnixNano : unixNano;
}

export function toDateTime64(unixNano: bigint): string {
  const clamped = clampTime(unixNano);
  const seconds = Number(clamped / nanosecondsPerSecond);
  const text = new Date(seconds * 1000).toISOString();
  const fraction = String(clamped % nanosecondsPerSecond).padStart(9, '0');
  return `${text.slice(0, 10)} ${text.slice(11, 19)}.${fraction}`;
}
