/** What is said of spending: unknown is never zero, and what is lacking is said beside the sum. */
import type { CostFigures, CostFlag, CostMeasure } from 'orchescope/contract';
import { formatCount, formatExactCount, formatUsd, plural, unknown } from '../format.ts';

/** null where no call has a price: then nothing is known, and 0 would be wrong. */
export function knownCost({
  costUsd,
  calls,
  pricedCalls,
}: Pick<CostFigures, 'costUsd' | 'calls' | 'pricedCalls'>): string | null {
  return calls > 0 && pricedCalls === 0 ? null : costUsd;
}

/** "98 %", "< 0.1 %"; never rounded up to all, nor down to nothing. */
export function formatShare(share: number | null): string {
  if (share === null || !Number.isFinite(share)) return unknown;
  if (share < 0) return `-${formatShare(-share)}`;
  const percent = share * 100;
  if (percent === 0) return '0 %';
  if (percent < 0.1) return '< 0.1 %';
  if (percent > 99 && percent < 100) return `${(Math.floor(percent * 10) / 10).toFixed(1)} %`;
  return `${percent >= 10 ? Math.round(percent) : Number(percent.toFixed(1))} %`;
}

export function coverageInWords(coverage: number | null): string {
  return coverage === null ? 'no calls' : `${formatShare(coverage)} of calls priced`;
}

export type Change = { readonly text: string; readonly direction: 'up' | 'down' | 'same' };

/** Against the range before. @param before null = nothing was spent then */
export function toChange(now: string | null, before: string | null): Change | null {
  if (now === null) return null;
  if (before === null) return { text: 'new', direction: 'up' };
  const [is, was] = [Number(now), Number(before)];
  if (is === was) return { text: 'same', direction: 'same' };
  if (was === 0) return { text: 'from $0', direction: 'up' };
  const share = is / was - 1;
  const direction = share > 0 ? 'up' : 'down';
  if (share >= 10) return { text: `${formatCount(Math.round(is / was))}x`, direction };
  return { text: `${share > 0 ? '+' : ''}${formatShare(share)}`, direction };
}

export function totalTokens({ tokens }: Pick<CostFigures, 'tokens'>): number {
  return Object.values(tokens).reduce((sum, count) => sum + count, 0);
}

/** In numbers that can be drawn; null = not known. */
export function measureOf(figures: CostFigures, measure: CostMeasure): number | null {
  if (measure === 'tokens') return totalTokens(figures);
  const usd = usdOf(figures, measure);
  return usd === null ? null : Number(usd);
}

export function formatMeasure(figures: CostFigures, measure: CostMeasure): string {
  return measure === 'tokens'
    ? formatCount(totalTokens(figures))
    : formatUsd(usdOf(figures, measure));
}

function usdOf(figures: CostFigures, measure: Exclude<CostMeasure, 'tokens'>): string | null {
  const known = knownCost(figures);
  if (known === null) return null;
  const values = {
    cost: known,
    cost_per_run: figures.costPerRunUsd,
    cost_per_successful_run: figures.costPerSuccessfulRunUsd,
    cost_per_handoff: figures.costPerHandoffUsd,
    cost_per_user: figures.costPerUserUsd,
  };
  return values[measure];
}

export const tokenBuckets = [
  { key: 'input', label: 'Input' },
  { key: 'cacheRead', label: 'Read from cache' },
  { key: 'cacheWrite', label: 'Written to cache' },
  { key: 'output', label: 'Output' },
  { key: 'reasoning', label: 'Reasoning' },
] as const;

export function tokensInWords({ tokens }: Pick<CostFigures, 'tokens'>): string {
  return tokenBuckets
    .filter(({ key }) => tokens[key] > 0)
    .map(({ key, label }) => `${label}: ${formatExactCount(tokens[key])}`)
    .join('\n');
}

/**
 * What senders said, where the price list says something else: of the calls of which both are known, and how many these
 * are. Empty when both agree.
 */
export function differenceInWords(figures: CostFigures): string {
  const { comparedCalls, comparedReportedUsd, comparedComputedUsd, calls } = figures;
  const [told, listed] = [formatUsd(comparedReportedUsd), formatUsd(comparedComputedUsd)];
  if (comparedCalls === 0 || told === listed) return '';
  const which =
    comparedCalls === calls
      ? `all ${plural(calls, 'call', 'calls')}`
      : `${formatCount(comparedCalls)} of ${plural(calls, 'call', 'calls')}`;
  return `For ${which} both are known: senders reported ${told}, the prices here say ${listed}.`;
}

/** A word for the table, and the sentence behind it. */
export function flagWords(
  flag: CostFlag,
  figures: CostFigures,
): { readonly word: string; readonly meaning: string } {
  const unpriced = figures.calls - figures.pricedCalls;
  switch (flag) {
    case 'unpriced_calls':
      return {
        word: `${formatCount(unpriced)} unpriced`,
        meaning: `${plural(unpriced, 'call has', 'calls have')} no price and ${unpriced === 1 ? 'is' : 'are'} not in the sum.`,
      };
    case 'usage_missing':
      return {
        word: 'usage missing',
        meaning: 'Some calls told no tokens: nobody can price them.',
      };
    case 'usage_conflict':
      return {
        word: 'usage conflicts',
        meaning:
          'Some calls told tokens that contradict each other, such as more cached than all: they have no price.',
      };
    case 'reported_differs':
      return {
        word: 'reported differs',
        meaning: differenceInWords(figures) || 'What senders reported is not what the list says.',
      };
    case 'free_override':
      return { word: 'free', meaning: 'A price of your own makes these calls cost nothing.' };
    case 'tags_overlap':
      return {
        word: 'tags overlap',
        meaning: 'A run counts under each of its tags: rows add up to more than the total.',
      };
  }
}

/** Empty text = not told. */
export function keyInWords(key: string): string {
  return key === '' ? 'not told' : key;
}
