/** What some windows of calls add up to. */
import type { OverviewModel } from '../../contract.ts';
import type { CallWindow } from '../../store/overview/read-call-windows.ts';
import { toUsdText } from '../costs/money.ts';

type CallFigures = Pick<OverviewModel, 'calls' | 'pricedCalls' | 'coverage' | 'costUsd'>;

export function toCallFigures(windows: readonly CallWindow[]): CallFigures {
  const calls = sum(windows.map((one) => one.calls));
  const pricedCalls = sum(windows.map((one) => one.pricedCalls));
  // Calls that failed before they used anything need no price, and cost nothing.
  const isKnown = pricedCalls > 0;
  return {
    calls,
    pricedCalls,
    coverage: calls === 0 ? null : pricedCalls / calls,
    costUsd: isKnown ? toUsdText(costOf(windows)) : null,
  };
}

/** Trillionths of a USD. */
export function costOf(windows: readonly CallWindow[]): bigint {
  return windows.reduce((all, { cost }) => all + cost, 0n);
}

/** One entry a window of the range. */
export function toWindowSeries(
  windows: readonly CallWindow[],
  count: number,
  valueOf: (one: CallWindow) => number,
): number[] {
  const series = Array.from({ length: count }, () => 0);
  for (const one of windows) {
    if (one.at >= 0) series[one.at] = (series[one.at] ?? 0) + valueOf(one);
  }
  return series;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
