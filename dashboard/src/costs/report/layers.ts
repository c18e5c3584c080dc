/** A report as layers of bars: the first rows, and all others as one. Pure. */
import type { CostReport } from 'orchescope/contract';
import { keyInWords } from '../cost-words.ts';
import { toVisibleText } from '../../ui/visible-text.ts';

export type Layer = {
  readonly key: string;
  readonly label: string;
  /** One a window, in USD. */
  readonly values: readonly number[];
  /** Which of the seven looks. */
  readonly look: number;
};

/** Rows with a layer of their own; the seventh look is that of all others. */
export const shownLayers = 6;

export function toLayers({ rows, other, times }: CostReport): Layer[] {
  const layers = rows.slice(0, shownLayers).map(({ keys, series }, look) => ({
    key: JSON.stringify(keys),
    label: rowLabel(keys),
    values: series,
    look,
  }));
  const rest = rows.slice(shownLayers);
  if (rest.length === 0 && other === null) return layers;
  const all = [...rest.map(({ series }) => series), ...(other === null ? [] : [other.series])];
  const values = times.map((_, at) => all.reduce((sum, series) => sum + (series[at] ?? 0), 0));
  const count = rest.length + (other?.rows ?? 0);
  return [...layers, { key: 'other', label: `${count} other`, values, look: shownLayers }];
}

export function rowLabel(keys: readonly string[]): string {
  return keys.length === 0 ? 'All' : keys.map((key) => toVisibleText(keyInWords(key))).join(' / ');
}

/** What the bars reach to at each time. */
export function toHeights(layers: readonly Layer[], count: number): number[] {
  return Array.from({ length: count }, (_, at) =>
    layers.reduce((sum, { values }) => sum + (values[at] ?? 0), 0),
  );
}

/** Round values from zero that cover the highest bar, about four of them. */
export function toTicks(highest: number): number[] {
  if (highest <= 0) return [0, 1];
  const rough = highest / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((one) => one >= rough) ?? rough;
  const count = Math.ceil(highest / step - 1e-9);
  return Array.from({ length: count + 1 }, (_, at) => Number((at * step).toPrecision(12)));
}

export type Frame = {
  readonly width: number;
  readonly height: number;
  /** Value at the top edge. */
  readonly top: number;
};

/** One path a layer, bottom layer first: few marks, however many bars. */
export function toPaths(layers: readonly Layer[], count: number, frame: Frame): string[] {
  const column = frame.width / Math.max(1, count);
  const gap = column >= 4 ? Math.min(4, column * 0.2) : 0;
  const base = Array.from({ length: count }, () => 0);
  return layers.map(({ values }) => {
    let path = '';
    for (let at = 0; at < count; at += 1) {
      const value = values[at] ?? 0;
      if (value <= 0) continue;
      const low = base[at] ?? 0;
      base[at] = low + value;
      const y = frame.height * (1 - (low + value) / frame.top);
      const height = (frame.height * value) / frame.top;
      path += `M${round(at * column + gap / 2)} ${round(y)}h${round(column - gap)}v${round(height)}h-${round(column - gap)}z`;
    }
    return path;
  });
}

const round = (value: number): number => Math.round(value * 100) / 100;

/** Windows added up to at most so many rows of a table. */
export function toTableRows(
  times: readonly string[],
  layers: readonly Layer[],
  most = 60,
): readonly { readonly fromMs: number; readonly values: readonly number[] }[] {
  const per = Math.max(1, Math.ceil(times.length / most));
  return times.flatMap((time, at) =>
    at % per > 0
      ? []
      : [
          {
            fromMs: Date.parse(time),
            values: layers.map(({ values }) =>
              values.slice(at, at + per).reduce((sum, value) => sum + value, 0),
            ),
          },
        ],
  );
}

const utcDay = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  timeZone: 'UTC',
});
const local = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });

/** "21 Nov" of a day, which begins by UTC; "21 Nov, 10:00" of less. */
export function formatWindow(ms: number, stepSeconds: number): string {
  return stepSeconds >= 86_400 ? utcDay.format(ms) : local.format(ms);
}

/** Shorter, below an axis: of a part of a day the clock, and at midnight the day. */
export function formatTick(ms: number, stepSeconds: number): string {
  const date = new Date(ms);
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  if (stepSeconds >= 86_400) return utcDay.format(ms);
  return isMidnight ? (local.format(ms).split(',')[0] ?? '') : clock.format(ms);
}

/** "by hour", "in steps of 6 hours". */
export function stepInWords(seconds: number): string {
  const units = [
    [86_400, 'day'],
    [3_600, 'hour'],
    [60, 'minute'],
    [1, 'second'],
  ] as const;
  const [size, word] = units.find(([unit]) => seconds % unit === 0) ?? [1, 'second'];
  const count = seconds / size;
  return count === 1 ? `by ${word}` : `in steps of ${count} ${word}s`;
}
