/** A chart that is read value by value: where the keys lead, and what is said there. */
import { formatMoment } from './axis-steps.ts';
import type { ChartBand, ChartSeries } from './chart-types.ts';
import { formatInUnit } from './unit-text.ts';

type Key = { readonly key: string; readonly ctrlKey: boolean };

/** With Ctrl twenty steps walk through the whole chart. */
const leaps = 20;

/**
 * @param at where the crosshair stands; null = nowhere yet: the arrows come in from their side
 * @param count of the values
 * @returns null when the key leads nowhere
 */
export function keyTarget({ key, ctrlKey }: Key, at: number | null, count: number): number | null {
  const last = count - 1;
  const stride = ctrlKey ? Math.ceil(count / leaps) : 1;
  switch (key) {
    case 'Home':
      return 0;
    case 'End':
      return last;
    case 'ArrowRight':
      return Math.min(last, (at ?? -1) + stride);
    case 'ArrowLeft':
      return Math.max(0, (at ?? count) - stride);
    default:
      return null;
  }
}

/** The value that a key comes in at, from nowhere: a range that is chosen with it begins there. */
export function entryOf(key: string, count: number): number {
  return key === 'ArrowRight' ? 0 : count - 1;
}

export function readOut(
  atMs: number,
  at: number,
  series: readonly ChartSeries[],
  bands: readonly ChartBand[],
  unit: string,
): string {
  const values = series.map(
    ({ label, values }) => `${label} ${formatInUnit(values[at] ?? null, unit)}`,
  );
  const inside = bands
    .filter(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
    .map(({ label }) => label);
  return [formatMoment(atMs), ...values, ...new Set(inside)].join(', ');
}
