/** Payloads as full as a limit lets them be. */

/**
 * The largest number of entries, at most `most`, whose payload `fits`. Without any it is taken to fit: each channel
 * bounds whatever else it says.
 */
export function fitEntries<T>(
  most: number,
  build: (entries: number) => T,
  fits: (payload: T) => boolean,
): T {
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(build(middle))) low = middle;
    else high = middle - 1;
  }
  return build(low);
}

export function byteLength(payload: unknown): number {
  return Buffer.byteLength(JSON.stringify(payload));
}
