/** The lines of a preview: few enough to send, and none of their peaks lost. */
import type { AlertPreview, AlertRule } from '../../contract.ts';
import type { Backtest } from '../backtest/backtest.ts';
import type { SlidingSeries } from '../../store/read-sliding.ts';

export type PreviewSeries = Pick<
  AlertPreview,
  'stepSeconds' | 'timesMs' | 'series' | 'otherSeries'
>;

const mostLines = 10;
/** More than a wide screen has pixels for. */
const mostPoints = 2_016;

type Line = AlertPreview['series'][number];
type Group = SlidingSeries['groups'][number];

export function toPreviewSeries(
  { timesMs, groups, otherGroups }: SlidingSeries,
  tried: Backtest,
  { rule, stepMs }: { readonly rule: AlertRule; readonly stepMs: number },
): PreviewSeries {
  const stride = Math.max(1, Math.ceil(timesMs.length / mostPoints));
  const isWorse = toWorse(rule);
  const shown = byLoudness(groups, tried, isWorse).slice(0, mostLines);
  const places = shown.map((group) => toPlaces(group, stride, isWorse));
  return {
    stepSeconds: (stride * stepMs) / 1_000,
    timesMs: timesMs.filter((_, at) => at % stride === 0),
    series: shown.map((group, at) => toLine(group, tried, places[at] ?? [])),
    otherSeries: groups.length - shown.length + otherGroups,
  };
}

type Worse = (a: number, b: number) => boolean;

function toWorse({ condition }: AlertRule): Worse {
  const isBelow = 'direction' in condition && condition.direction === 'below';
  return isBelow ? (a, b) => a < b : (a, b) => a > b;
}

/** Those that would have fired most often first, then those that came nearest to it. */
function byLoudness(groups: readonly Group[], { episodes }: Backtest, isWorse: Worse): Group[] {
  const counts = new Map<string, number>();
  for (const { group } of episodes) counts.set(group, (counts.get(group) ?? 0) + 1);
  const worst = new Map(groups.map((one) => [one.group, worstOf(one.value, isWorse)]));
  const loudness = ({ group }: Group): number => counts.get(group) ?? 0;
  return groups.toSorted((a, b) => {
    const [left, right] = [worst.get(a.group) ?? null, worst.get(b.group) ?? null];
    if (loudness(a) !== loudness(b)) return loudness(b) - loudness(a);
    if (left === right) return 0;
    if (left === null || right === null) return left === null ? 1 : -1;
    return isWorse(left, right) ? -1 : 1;
  });
}

function worstOf(values: readonly (number | null)[], isWorse: Worse): number | null {
  let worst: number | null = null;
  for (const value of values) {
    if (value !== null && (worst === null || isWorse(value, worst))) worst = value;
  }
  return worst;
}

/** Of each stride the place of the worst value: that is the one that decides. */
function toPlaces({ value }: Group, stride: number, isWorse: Worse): number[] {
  const places: number[] = [];
  for (let from = 0; from < value.length; from += stride) {
    let place = from;
    for (let at = from + 1; at < Math.min(from + stride, value.length); at += 1) {
      const [here, best] = [value[at] ?? null, value[place] ?? null];
      if (here !== null && (best === null || isWorse(here, best))) place = at;
    }
    places.push(place);
  }
  return places;
}

function toLine(
  { group, value, samples }: Group,
  tried: Backtest,
  places: readonly number[],
): Line {
  const all = tried.thresholds.get(group) ?? [];
  const threshold = places.map((at) => all[at] ?? null);
  const known = new Set(threshold.filter((one) => one !== null));
  return {
    group,
    value: places.map((at) => value[at] ?? null),
    threshold: known.size <= 1 ? [known.values().next().value ?? null] : threshold,
    samples: places.map((at) => samples[at] ?? 0),
  };
}
