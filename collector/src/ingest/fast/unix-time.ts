/** Nanoseconds as two halves of 32 bits, so that no span needs a bigint for them. */
const twoTo32 = 4_294_967_296;
const nanosPerMs = 1_000_000;

/** Whole milliseconds; exact, since no product on the way reaches 2^53. */
export function toUnixMs(low: number, high: number): number {
  const whole = Math.floor(high / nanosPerMs);
  const rest = high - whole * nanosPerMs;
  return whole * twoTo32 + Math.floor((rest * twoTo32 + low) / nanosPerMs);
}

export function toUnixNano(low: number, high: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

export type Halves = { readonly low: number; readonly high: number };

export function toHalves(unixNano: bigint): Halves {
  return { low: Number(unixNano & 0xffff_ffffn), high: Number(unixNano >> 32n) };
}

export function isAfter(low: number, high: number, other: Halves): boolean {
  return high > other.high || (high === other.high && low > other.low);
}
