/** Judges the values of one time after the other. */
import type { Baseline, BurnReadings, Reading, Verdict } from '../reading.ts';
import { toBaseline, type HourValue, type LeftOut } from '../state/baseline.ts';
import { judge } from '../state/judge.ts';
import type { TimedRule } from '../timed-rule.ts';
import type { BacktestInput } from './backtest.ts';
import type { SlidingSeries } from '../../store/read-sliding.ts';

export type HistoryJudge = {
  /** The same map each time, filled anew. */
  readonly at: (
    index: number,
    episodesOf: (group: string) => readonly LeftOut[],
  ) => ReadonlyMap<string, Verdict>;
  readonly counts: () => { readonly judgedCount: number; readonly unsureCount: number };
  readonly thresholds: ReadonlyMap<string, readonly (number | null)[]>;
};

type Group = SlidingSeries['groups'][number];

const hourMs = 3_600_000;

export function createHistoryJudge(timed: TimedRule, input: BacktestInput): HistoryJudge {
  const { groups, timesMs } = input.series;
  const verdicts = new Map<string, Verdict>();
  const judged = groups.map((series) => ({ series, thresholds: [] as (number | null)[] }));
  const baselineAt = createBaselines(timed, input.hours);
  const burnAt = createBurn(input.burn);
  let judgedCount = 0;
  let unsureCount = 0;
  return {
    at: (index, episodesOf) => {
      const atMs = timesMs[index] ?? 0;
      for (const { series, thresholds } of judged) {
        const { group } = series;
        const reading = readingAt(series, index);
        const baseline = baselineAt(group, atMs - timed.windowMs, episodesOf);
        const verdict = judge(timed, reading, { baseline, burn: burnAt(group, index) });
        thresholds.push('threshold' in verdict ? verdict.threshold : null);
        if (reading === null && verdict.type === 'missing') {
          verdicts.delete(group);
          continue;
        }
        verdicts.set(group, verdict);
        judgedCount += 1;
        if (verdict.type === 'insufficient') unsureCount += 1;
      }
      return verdicts;
    },
    counts: () => ({ judgedCount, unsureCount }),
    thresholds: new Map(judged.map(({ series, thresholds }) => [series.group, thresholds])),
  };
}

/** Null where the evaluator would not have heard of the group. */
function readingAt(
  { group, value, samples, bad, pricedShare }: Group,
  index: number,
): Reading | null {
  const measured = value[index] ?? null;
  const count = samples[index] ?? 0;
  if (measured === null && count === 0) return null;
  return {
    group,
    value: measured,
    samples: count,
    bad: bad[index] ?? 0,
    pricedShare: pricedShare === null ? null : (pricedShare[index] ?? null),
  };
}

/** A baseline is the same for an hour, unless an episode of its group began or ended. */
function createBaselines(
  { rule }: TimedRule,
  hours: ReadonlyMap<string, readonly HourValue[]>,
): (
  group: string,
  windowFromMs: number,
  episodesOf: (group: string) => readonly LeftOut[],
) => Baseline | null {
  const { condition, minSamples } = rule;
  if (condition.type !== 'ratio' && condition.type !== 'seasonal') return () => null;
  type Kept = { hour: number; episodes: readonly LeftOut[]; baseline: Baseline };
  const kept = new Map<string, Kept>();
  return (group, windowFromMs, episodesOf) => {
    const hour = Math.floor(windowFromMs / hourMs);
    const episodes = episodesOf(group);
    const last = kept.get(group);
    if (last !== undefined && last.hour === hour && last.episodes === episodes)
      return last.baseline;
    const past = hours.get(group) ?? [];
    const baseline = toBaseline(condition, past, windowFromMs, minSamples, episodes);
    kept.set(group, { hour, episodes, baseline });
    return baseline;
  };
}

function createBurn(
  pairs: BacktestInput['burn'],
): (group: string, index: number) => BurnReadings | null {
  if (pairs.length === 0) return () => null;
  const toGroups = ({ groups }: SlidingSeries) => new Map(groups.map((one) => [one.group, one]));
  const windows = pairs.map(({ long, short }) => ({
    long: toGroups(long),
    short: toGroups(short),
  }));
  return (group, index) =>
    windows.map(({ long, short }) => ({
      long: readingOf(long.get(group), group, index),
      short: readingOf(short.get(group), group, index),
    }));
}

function readingOf(series: Group | undefined, group: string, index: number): Reading {
  const reading = series === undefined ? null : readingAt(series, index);
  return reading ?? { group, value: null, samples: 0, bad: 0, pricedShare: null };
}
