import type { Fields } from './read-fields.ts';

/** Seconds. Some senders tell the moment of the first chunk instead, to the millisecond. */
export function readTimeToFirstChunk(fields: Fields, startTimeUnixNano: bigint): number | null {
  const told = fields.get('timeToFirstChunk');
  const firstChunk = fields.get('firstChunkUnixSeconds');
  if (told !== null || firstChunk === null) return told;
  const startMilliseconds = Number(startTimeUnixNano / 1_000_000n);
  return Math.max(0, Math.round(firstChunk * 1_000) - startMilliseconds) / 1_000;
}
