/** How lines are told apart, and what of them is not final. */
import type { ChartSeries } from './chart-types.ts';

/** What is not over yet is drawn by itself, dashed. */
export type Column = {
  readonly done: readonly (number | null)[];
  readonly open: readonly (number | null)[];
};

/** In this order, then again in dashes. */
const palette = [
  '--kind-agent',
  '--kind-llm',
  '--kind-tool',
  '--kind-handoff',
  '--kind-data',
  '--kind-guard',
  '--kind-other',
];

export type Pen = { readonly token: string; readonly dash: number[]; readonly width: number };

/** @param at of the plain series alone, @param count of them */
function penOf(look: ChartSeries['look'], at: number, count: number): Pen {
  if (look === 'muted') return { token: '--text-3', dash: [2, 3], width: 1 };
  if (look === 'threshold') return { token: '--error', dash: [6, 3], width: 1.5 };
  const token = count === 1 ? '--accent' : (palette[at % palette.length] ?? '--accent');
  return { token, dash: at < palette.length ? [] : [5, 2], width: 1.5 };
}

export function pensOf(series: readonly ChartSeries[]): Pen[] {
  const plain = series.filter(({ look }) => look === 'plain');
  return series.map((one) => penOf(one.look, plain.indexOf(one), plain.length));
}

/** Parts what may still change from what will not. */
export function splitOpen(values: readonly (number | null)[], isLastOpen: boolean): Column {
  if (!isLastOpen || values.length === 0) return { done: values, open: values.map(() => null) };
  const last = values.length - 1;
  return {
    done: values.map((value, at) => (at === last ? null : value)),
    open: values.map((value, at) => (at >= last - 1 ? value : null)),
  };
}

/** Values between two gaps: no line leads to them. */
export function aloneAt(values: ArrayLike<number | null | undefined>): number[] {
  const isGap = (at: number): boolean => typeof values[at] !== 'number';
  const found: number[] = [];
  for (let at = 0; at < values.length; at += 1) {
    if (!isGap(at) && isGap(at - 1) && isGap(at + 1)) found.push(at);
  }
  return found;
}
