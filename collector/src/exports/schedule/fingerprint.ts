import { createHash } from 'node:crypto';
import type { DayDigest } from '../../store/costs/day-digests.ts';

/** Of the runs that may have made a call on a day: of those that began on it, or before and lived on. */
export function toFingerprint(digests: readonly DayDigest[], callDay: string): string {
  const hash = createHash('sha256');
  for (const { day, digest, lastCallDay } of digests) {
    if (day <= callDay && (lastCallDay ?? callDay) >= callDay) hash.update(`${day} ${digest}\n`);
  }
  return hash.digest('hex').slice(0, 32);
}
