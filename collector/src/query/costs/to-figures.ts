import type { CostFigures, CostFlag } from '../../contract.ts';
import type { CostCell } from '../../store/costs/read-costs.ts';
import { toSaveable, toSaved, type InputPrices } from './list-rates.ts';
import { divideUsd, toUsdText } from './money.ts';

/** @param users null = was not asked */
export function toFigures(cell: CostCell, users: number | null, prices: InputPrices): CostFigures {
  const { cost, tokens, runs, successfulRuns, handoffs, calls, pricedCalls } = cell;
  const input = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  const saved = toSavedByCache(cell, prices);
  return {
    costUsd: toUsdText(cost),
    reportedUsd: toUsdText(cell.reported),
    computedUsd: cell.computed === null ? null : toUsdText(cell.computed),
    comparedCalls: cell.compared.calls,
    comparedReportedUsd: toUsdText(cell.compared.reported),
    comparedComputedUsd: toUsdText(cell.compared.computed),
    estimatedUsd: toUsdText(cell.estimated),
    calls,
    pricedCalls,
    coverage: calls === 0 ? null : pricedCalls / calls,
    tokens,
    runs,
    successfulRuns,
    handoffs,
    users,
    costPerRunUsd: divideUsd(cost, runs),
    costPerSuccessfulRunUsd: divideUsd(cost, successfulRuns),
    costPerHandoffUsd: divideUsd(cost, handoffs),
    costPerUserUsd: users === null ? null : divideUsd(cost, users),
    cacheHitShare: input === 0 ? null : tokens.cacheRead / input,
    savedByCacheUsd: saved === null ? null : toUsdText(saved),
    wasteUsd: toUsdText(toWaste(cell, prices)),
  };
}

/** null when nothing was cached, or no price of what was is known. */
function toSavedByCache({ cached }: CostCell, prices: InputPrices): bigint | null {
  const known = cached.flatMap((use) => {
    const rates = prices.findRates(use);
    return rates === null ? [] : [toSaved(rates, use.readTokens, use.writtenTokens)];
  });
  return known.length === 0 ? null : known.reduce((sum, saved) => sum + saved, 0n);
}

/** Prices in force may be higher than those that were paid: never more than was spent. */
export function toWaste({ cost, waste, uncached }: CostCell, prices: InputPrices): bigint {
  const resent = uncached.reduce((sum, use) => {
    const rates = prices.findRates(use);
    return rates === null ? sum : sum + toSaveable(rates, use.tokens);
  }, 0n);
  return waste + resent < cost ? waste + resent : cost;
}

/** Reported costs that are so far from the computed ones are worth a look. */
const differs = 0.02;

export function toFlags(cell: CostCell): CostFlag[] {
  const flags: CostFlag[] = [];
  if (cell.pricedCalls < cell.calls) flags.push('unpriced_calls');
  if (cell.silentCalls > 0) flags.push('usage_missing');
  if (cell.conflictingCalls > 0) flags.push('usage_conflict');
  if (isFarOff(cell)) flags.push('reported_differs');
  return flags;
}

/** Of the same calls alone: what only one side knows says nothing of the other. */
function isFarOff({ compared: { reported, computed } }: CostCell): boolean {
  const [told, listed] = [Number(reported), Number(computed)];
  return Math.abs(told - listed) > differs * Math.max(told, listed);
}
