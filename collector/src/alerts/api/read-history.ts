/** What a rule is tried on: the values that the evaluator would have found in a range. */
import { toRunConditions } from '../../query/run-filter.ts';
import { readSliding, type SlidingSeries } from '../../store/read-sliding.ts';
import type { Reader } from '../../store/read-rows.ts';
import type { BacktestInput } from '../backtest/backtest.ts';
import { sourceOf } from '../settings/metric-facts.ts';
import { pastMsOf, type HourValue } from '../state/baseline.ts';
import { toMs, type TimedRule } from '../timed-rule.ts';

export type Range = { readonly fromMs: number; readonly toMs: number };

/** A week of minutes. */
const mostEvaluations = 10_080;
const mostGroups = 100;
const hourMs = 3_600_000;

/** The rule with the interval it can be tried at: over a long range fewer evaluations than there would have been. */
export function toTried(timed: TimedRule, { fromMs, toMs: untilMs }: Range): TimedRule {
  const times = Math.ceil((untilMs - fromMs) / timed.intervalMs / mostEvaluations);
  return { ...timed, intervalMs: timed.intervalMs * Math.max(1, times) };
}

/** @param timed as `toTried` gives it; of a metric that has runs behind it */
export async function readHistory(
  reader: Reader,
  projectId: string,
  timed: TimedRule,
  range: Range,
): Promise<BacktestInput> {
  const { condition } = timed.rule;
  const grid = toGrid(range, timed.intervalMs);
  const slide = (windowMs: number, at: Grid = grid): Promise<SlidingSeries> =>
    readSliding(reader, projectId, toAsk(timed, windowMs, at));
  const series = await slide(timed.windowMs);
  const pairs = condition.type === 'burn_rate' ? condition.pairs : [];
  const burn: { long: SlidingSeries; short: SlidingSeries }[] = [];
  // One after the other: each takes memory in the store.
  for (const { long, short } of pairs) {
    burn.push({ long: await slide(toMs(long)), short: await slide(toMs(short)) });
  }
  const pastMs = pastMsOf(condition);
  if (pastMs === 0) return { projectId, series, hours: new Map(), burn };
  const past = { fromMs: range.fromMs - timed.windowMs - pastMs, toMs: range.toMs };
  return { projectId, series, hours: toHours(await slide(hourMs, toGrid(past, hourMs))), burn };
}

type Grid = { readonly firstEndMs: number; readonly stepMs: number; readonly count: number };

/** Round times: the same ones whenever somebody looks again. */
function toGrid({ fromMs, toMs: untilMs }: Range, stepMs: number): Grid {
  const firstEndMs = Math.ceil(fromMs / stepMs) * stepMs;
  return {
    firstEndMs,
    stepMs,
    count: Math.max(1, Math.floor((untilMs - firstEndMs) / stepMs) + 1),
  };
}

function toAsk({ rule }: TimedRule, windowMs: number, { firstEndMs, stepMs, count }: Grid) {
  const source = sourceOf(rule.metric);
  if (source === null) throw new Error(`${rule.metric} is of no runs`);
  const { condition } = rule;
  const isBelow =
    condition.type === 'burn_rate'
      ? source.bad === 'rest'
      : condition.type === 'absence' || condition.direction === 'below';
  return {
    source,
    conditions: toRunConditions(rule.filter),
    nowUnixNano: toNano(firstEndMs + (count - 1) * stepMs),
    groupBy: rule.by,
    aggregation: rule.aggregation,
    direction: isBelow ? ('below' as const) : ('above' as const),
    minSamples: rule.minSamples,
    limit: mostGroups,
    firstEndUnixNano: toNano(firstEndMs),
    stepNs: toNano(stepMs),
    windowNs: toNano(windowMs),
    count,
  };
}

function toHours({ timesMs, groups }: SlidingSeries): Map<string, HourValue[]> {
  const toHour = (group: SlidingSeries['groups'][number], atMs: number, at: number): HourValue => ({
    atMs: atMs - hourMs,
    value: group.value[at] ?? null,
    samples: group.samples[at] ?? 0,
  });
  return new Map(
    groups.map((group) => [group.group, timesMs.map((atMs, at) => toHour(group, atMs, at))]),
  );
}

function toNano(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}
