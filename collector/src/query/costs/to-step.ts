import type { Range } from '../read-range.ts';

/** Beyond, a chart shows days: sums of days answer it. */
const shortNs = 14n * 86_400_000_000_000n;
const mostDays = 120n;

/** @param step `auto`, or as in `5m`; of a long range `auto` is a day, and of a very long one as everywhere */
export function toStep({ from, to }: Range, step: string): string {
  const length = to - from;
  const isOfDays = length > shortNs && length <= (shortNs / 14n) * mostDays;
  return step === 'auto' && isOfDays ? '1d' : step;
}
