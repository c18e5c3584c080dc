/** The metrics that are of no run: of what arrives, and of Orchescope itself. */
import { budgetLabel } from '../../budgets/budget-rules.ts';
import type { AlertRule, BudgetStatus, PlatformMetric } from '../../contract.ts';
import { readDeadLetters, readIngestSilence } from '../../store/read-platform.ts';
import type { Reader } from '../../store/read-rows.ts';
import { metricSources } from '../../store/metric-sources.ts';
import { readWindow } from '../../store/read-window.ts';
import type { Reading } from '../reading.ts';
import type { Window } from './to-asks.ts';

/** What the process knows of itself. */
export type ProcessFacts = {
  readonly rejectedShare: (windowMs: number) => Reading;
  readonly walAge: () => Reading;
  readonly diskUsedShare: () => Promise<Reading>;
};

/** How a budget stands; null when there is none of that id. */
export type ReadBudget = (projectId: string, id: string) => Promise<BudgetStatus | null>;

export type PlatformAsk = {
  readonly metric: PlatformMetric;
  /** Of the rule. */
  readonly labels: AlertRule['labels'];
  readonly projectId: string;
  readonly window: Window;
  /** Of the evaluation. */
  readonly atMs: number;
  /** Of the round before; null = there was none. */
  readonly lastRoundMs: number | null;
};

export async function readPlatformMetric(
  reader: Reader,
  facts: ProcessFacts,
  readBudget: ReadBudget,
  { metric, labels, projectId, window, atMs, lastRoundMs }: PlatformAsk,
): Promise<Reading> {
  switch (metric) {
    case 'ingest_silence': {
      const seconds = await readIngestSilence(reader, projectId, atMs);
      return toReading(seconds, seconds === null ? 0 : 1);
    }
    case 'rejected_share':
      return facts.rejectedShare(window.toMs - window.fromMs);
    case 'unpriced_share':
      return readUnpricedShare(reader, projectId, window);
    case 'wal_age':
      return facts.walAge();
    case 'disk_used_share':
      return facts.diskUsedShare();
    case 'evaluation_age':
      return toReading(lastRoundMs === null ? 0 : Math.max(0, (atMs - lastRoundMs) / 1000), 1);
    case 'dead_letters': {
      const dead = await readDeadLetters(reader, window);
      return toReading(dead, dead);
    }
    case 'budget_used':
      return toShare(await readBudget(projectId, labels[budgetLabel] ?? ''), usedOf);
    case 'budget_forecast':
      return toShare(await readBudget(projectId, labels[budgetLabel] ?? ''), forecastOf);
    default:
      return metric satisfies never;
  }
}

/** Of nothing any spending is all of it, and more. */
const allOfNothing = 2;

function toShare(
  status: BudgetStatus | null,
  amountOf: (status: BudgetStatus) => number | null,
): Reading {
  const usd = status === null ? null : amountOf(status);
  if (status === null || usd === null) return toReading(null, 0);
  const whole = Number(status.budget.amountUsd);
  return toReading(whole > 0 ? usd / whole : usd > 0 ? allOfNothing : 0, 1);
}

const usedOf = ({ spentUsd }: BudgetStatus): number => Number(spentUsd);
const forecastOf = ({ forecast }: BudgetStatus): number | null =>
  forecast === null ? null : Number(forecast.expectedUsd);

function toReading(value: number | null, samples: number): Reading {
  return { group: '', value, samples, bad: samples, pricedShare: null };
}

async function readUnpricedShare(
  reader: Reader,
  projectId: string,
  { fromMs, toMs }: Window,
): Promise<Reading> {
  const { readings } = await readWindow(reader, projectId, {
    source: metricSources.cost,
    conditions: [],
    nowUnixNano: toNano(toMs),
    groupBy: 'none',
    aggregation: 'samples',
    direction: 'above',
    minSamples: 0,
    limit: 1,
    fromUnixNano: toNano(fromMs),
    toUnixNano: toNano(toMs),
  });
  const [reading] = readings;
  const share = reading?.pricedShare ?? null;
  if (reading === undefined || share === null) return toReading(null, 0);
  // Samples are calls with a price: of all calls they are the share.
  const calls = share === 0 ? 1 : Math.round(reading.samples / share);
  return { ...toReading(1 - share, calls), bad: calls - reading.samples };
}

function toNano(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}
