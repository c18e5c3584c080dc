/** What is said of a budget. */
import type { Budget, BudgetForecast, BudgetStatus } from 'orchescope/contract';
import { formatUsd, plural } from '../../format.ts';
import { formatShare } from '../cost-words.ts';

export const stateWords: Readonly<Record<BudgetStatus['state'], string>> = {
  within: 'Within',
  warned: 'Nearly spent',
  exceeded: 'Exceeded',
  off: 'Off',
};

export const periodWords: Readonly<Record<Budget['period'], string>> = {
  month: 'Calendar month',
  '1d': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
};

/** "$3.20 of $5 (64 %)"; of nothing there is no share. */
export function spentInWords({ spentUsd, budget, usedShare }: BudgetStatus): string {
  const share = usedShare === null ? '' : ` (${formatShare(usedShare)})`;
  return `${formatUsd(spentUsd)} of ${formatUsd(budget.amountUsd)}${share}`;
}

export function remainingInWords({ remainingUsd }: Pick<BudgetStatus, 'remainingUsd'>): string {
  return Number(remainingUsd) < 0
    ? `${formatUsd(remainingUsd.replace('-', ''))} too much`
    : `${formatUsd(remainingUsd)} left`;
}

/** What is to be expected, and how far to believe it. */
export function forecastInWords(forecast: BudgetForecast | null): string {
  if (forecast === null) return 'A trailing window has no end: nothing is forecast.';
  const { expectedUsd, lowUsd, highUsd, error, triedDays } = forecast;
  const expected = `${formatUsd(expectedUsd)} expected at its end`;
  // A band of so few days would look surer than it is.
  if (error === null) return `${expected}; there is too little history to say how sure that is.`;
  return `${expected}, with 80 % between ${formatUsd(lowUsd)} and ${formatUsd(highUsd)}. Such forecasts missed by ${formatShare(error)}, tried on ${plural(triedDays, 'day', 'days')} of the last 28.`;
}

/** Whether spending goes on as it should. */
export function outlookOf({ budget, forecast }: BudgetStatus): '' | 'passes' | 'may pass' {
  if (forecast === null) return '';
  const amount = Number(budget.amountUsd);
  if (Number(forecast.expectedUsd) > amount) return 'passes';
  return Number(forecast.highUsd) > amount ? 'may pass' : '';
}

/** When a period began, by the clock of the budget: "1 Nov 2026, 00:00". */
export function beganInWords({ periodFrom, budget: { timeZone } }: BudgetStatus): string {
  const style = { dateStyle: 'medium', timeStyle: 'short' } as const;
  try {
    return new Intl.DateTimeFormat('en-GB', { ...style, timeZone }).format(Date.parse(periodFrom));
  } catch {
    // A zone that the server knows and this browser does not.
    return periodFrom;
  }
}
