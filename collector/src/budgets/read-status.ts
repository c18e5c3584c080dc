/** How a budget stands: what is spent, what is to be expected, and whether anybody has to know. */
import type { Budget, BudgetForecast, BudgetStatus, CostFlag } from '../contract.ts';
import { readDaysOf } from '../query/costs/days-of.ts';
import { toUsdText } from '../query/costs/money.ts';
import { toRunConditions } from '../query/run-filter.ts';
import { readFirstRun, readSpentDays, type SpentDay } from '../store/costs/read-spent-days.ts';
import type { Reader } from '../store/read-rows.ts';
import type { RunScope } from '../store/runs-sql.ts';
import { addDays, daysBetween, toDay } from './days.ts';
import { toForecast, type Forecast } from './forecast.ts';
import { toPeriod, type Period } from './period.ts';

const dayMs = 86_400_000;
/** Of history for the forecast: eight same weekdays, and four weeks that it is tried on. */
const historyDays = 91;

/** @throws FilterError when the filter of the budget does not read */
export async function readBudgetStatus(
  reader: Reader,
  projectId: string,
  budget: Budget,
  nowMs: number,
): Promise<BudgetStatus> {
  const period = toPeriod(budget, nowMs);
  const conditions = toRunConditions(budget.filter);
  const scope = (fromMs: number): RunScope => ({
    fromUnixNano: toNano(fromMs),
    // A call of this very millisecond is spent.
    toUnixNano: toNano(nowMs + 1),
    conditions,
    nowUnixNano: toNano(nowMs),
  });
  const historyFrom = Math.min(period.fromMs, nowMs - historyDays * dayMs);
  const isMonth = period.lastDay !== null;
  const asked = scope(isMonth ? historyFrom : period.fromMs);
  const days = await readDaysOf(reader, budget.filter, asked);
  const [spentDays, firstRunMs] = await Promise.all([
    readSpentDays(reader, projectId, asked, budget.timeZone, days),
    isMonth ? readFirstRun(reader, projectId, toNano(historyFrom)) : null,
  ]);
  const inPeriod = isMonth ? spentDays.filter(({ day }) => day >= period.firstDay) : spentDays;
  const forecast = toForecastOf(budget, period, spentDays, firstRunMs);
  return toStatus(budget, period, inPeriod, forecast);
}

function toForecastOf(
  { timeZone }: Budget,
  { today, firstDay, lastDay }: Period,
  history: readonly SpentDay[],
  firstRunMs: number | null,
): Forecast | null {
  if (lastDay === null) return null;
  return toForecast({
    spent: new Map(history.map(({ day, cost }) => [day, toUsd(cost)])),
    firstDay: firstRunMs === null ? today : toDay(firstRunMs, timeZone),
    today,
    spentToday: toUsd(history.find(({ day }) => day === today)?.cost ?? 0n),
    periodFrom: firstDay,
    periodTo: lastDay,
  });
}

function toStatus(
  budget: Budget,
  period: Period,
  days: readonly SpentDay[],
  forecast: Forecast | null,
): BudgetStatus {
  const spent = days.reduce((sum, { cost }) => sum + cost, 0n);
  const calls = days.reduce((sum, day) => sum + day.calls, 0);
  const priced = days.reduce((sum, { pricedCalls }) => sum + pricedCalls, 0);
  const amount = Number(budget.amountUsd);
  const usedShare = amount === 0 ? null : toUsd(spent) / amount;
  const flags: CostFlag[] = priced < calls ? ['unpriced_calls'] : [];
  return {
    budget,
    periodFrom: new Date(period.fromMs).toISOString(),
    periodTo: period.toMs === null ? null : new Date(period.toMs).toISOString(),
    spentUsd: toUsdText(spent),
    usedShare,
    remainingUsd: (amount - toUsd(spent)).toFixed(6),
    coverage: calls === 0 ? null : priced / calls,
    forecast: forecast === null ? null : toForecastAnswer(forecast),
    burnDown: toBurnDown(period, days, forecast),
    state: toState(budget, toUsd(spent)),
    flags,
  };
}

export function toState(budget: Budget, spentUsd: number): BudgetStatus['state'] {
  if (!budget.enabled) return 'off';
  const amount = Number(budget.amountUsd);
  // Of nothing any spending is too much.
  if (spentUsd > amount || (amount > 0 && spentUsd === amount)) return 'exceeded';
  const least = Math.min(1, ...budget.alertAt);
  return amount > 0 && spentUsd >= least * amount ? 'warned' : 'within';
}

function toForecastAnswer({ expected, low, high, error, triedDays }: Forecast): BudgetForecast {
  return {
    expectedUsd: expected.toFixed(6),
    lowUsd: low.toFixed(6),
    highUsd: high.toFixed(6),
    error,
    triedDays,
  };
}

/** Spent until the end of each day, and what is expected of today and the days after it. */
function toBurnDown(
  { firstDay, lastDay, today }: Period,
  spentDays: readonly SpentDay[],
  forecast: Forecast | null,
): BudgetStatus['burnDown'] {
  const costs = new Map(spentDays.map(({ day, cost }) => [day, cost]));
  const ahead = new Map(forecast?.days.map((day) => [day.day, day]));
  let spent = 0n;
  const past = daysBetween(firstDay, today).map((day) => {
    spent += costs.get(day) ?? 0n;
    return Object.assign({ day, spentUsd: toUsdText(spent) }, toExpected(ahead.get(day)));
  });
  const rest = daysBetween(addDays(today, 1), lastDay ?? today);
  return [
    ...past,
    ...rest.map((day) => Object.assign({ day, spentUsd: null }, toExpected(ahead.get(day)))),
  ];
}

type Expected = Pick<BudgetStatus['burnDown'][number], 'expectedUsd' | 'lowUsd' | 'highUsd'>;

function toExpected(day: Forecast['days'][number] | undefined): Expected {
  if (day === undefined) return { expectedUsd: null, lowUsd: null, highUsd: null };
  return {
    expectedUsd: day.expected.toFixed(6),
    lowUsd: day.low.toFixed(6),
    highUsd: day.high.toFixed(6),
  };
}

const toNano = (ms: number): bigint => BigInt(Math.max(0, Math.floor(ms))) * 1_000_000n;
/** For shares and forecasts; sums stay whole trillionths. */
const toUsd = (trillionths: bigint): number => Number(trillionths) / 1e12;
