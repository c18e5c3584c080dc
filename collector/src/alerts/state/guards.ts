/** What has to be known of a value before it means anything. */
import type { Reading, Verdict } from '../reading.ts';
import type { TimedRule } from '../timed-rule.ts';

/** Whoever judges has read it. */
export type Judged = Exclude<Verdict, { type: 'failed' }>;

/** `NaN` is what nothing divided by nothing gives: no value. A rule that asks for no samples takes a value without. */
export function isMeasured({ value, samples }: Reading, minSamples: number): boolean {
  if (value === null || Number.isNaN(value)) return false;
  return toCount(samples) > 0 || minSamples === 0;
}

/** Too few samples are as likely to hide a breach as to show one, so they end nothing either. */
export function guard({ rule }: TimedRule, reading: Reading): Judged | null {
  if (toCount(reading.samples) < rule.minSamples) return insufficient('few_samples', reading);
  const { pricedShare } = reading;
  // Calls of unknown price make a cost too low. Null is not a cost at all; NaN is a share of nothing.
  if (rule.minPricedShare !== null && pricedShare !== null && !(pricedShare >= rule.minPricedShare))
    return insufficient('unpriced', reading);
  return null;
}

/** Few bad samples hold a firing back, never its end: with none at all a ratio is as good as it can be. */
export function withMinBad({ rule }: TimedRule, reading: Reading, verdict: Judged): Judged {
  if (verdict.type !== 'breach' || toCount(reading.bad) >= rule.minBad) return verdict;
  return insufficient('few_samples', reading);
}

export function insufficient(
  reason: Extract<Judged, { type: 'insufficient' }>['reason'],
  { value, samples }: Reading,
): Judged {
  return {
    type: 'insufficient',
    reason,
    value: Number.isNaN(value) ? null : value,
    samples: toCount(samples),
  };
}

/** A count that is no number counts nothing. */
export function toCount(samples: number): number {
  return samples > 0 ? samples : 0;
}
