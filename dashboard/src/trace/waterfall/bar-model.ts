/** Where a row's bar lies, in pixels of the time column. */
import { foldTypes, marks, nodeTypes } from './layout/trace-layout.ts';
import type { TraceLayout } from './layout/trace-layout.ts';
import type { TimeScale } from './layout/time-scale.ts';
import { foldOf } from './layout/visible.ts';

export type Stretch = { readonly from: number; readonly to: number };
export type FoldSegment = Stretch & { readonly isError: boolean; readonly label: string };

export type BarModel = {
  /** Left edge and width, cut to the column with a margin; null = outside of the window. */
  readonly left: number;
  readonly width: number;
  /** Parts of the bar, from its left edge, in which children work. */
  readonly covered: readonly Stretch[];
  /** Members of a fold, from the left edge of the bar. */
  readonly segments: readonly FoldSegment[];
  /** Marks of events, from the left edge of the column. */
  readonly events: readonly number[];
};

/** Bars beyond the column are cut here, so that no element becomes millions of pixels wide. */
const marginPx = 8;
const minWidthPx = 3;
/** More than a screen can tell apart; neighbours within a pixel have melted before. */
const maxStretches = 1000;
const maxEvents = 6;
/** On a shorter bar the marks of events would hide it. */
const eventBarPx = 24;
/** Numbers of attempts need this much room. */
const labelPx = 14;

export function toBarModel(layout: TraceLayout, scale: TimeScale, entry: number): BarModel | null {
  const node = entry < 0 ? (layout.folds.first[foldOf(entry)] ?? 0) : entry;
  const span = entry < 0 ? foldStretch(layout, foldOf(entry)) : stretchOf(layout, node);
  const box = toBox(scale, span);
  if (box === null) return null;
  const toLocal = (time: number): number =>
    Math.min(box.width, Math.max(0, scale.toPx(time) - box.left));
  return {
    ...box,
    covered:
      entry < 0 || layout.type[node] !== nodeTypes.span ? [] : coveredParts(layout, node, toLocal),
    segments: entry < 0 ? foldSegments(layout, foldOf(entry), toLocal) : [],
    events: entry < 0 || box.width < eventBarPx ? [] : eventMarks(layout, node, scale),
  };
}

function stretchOf(layout: TraceLayout, node: number): Stretch {
  return { from: layout.start[node] ?? 0, to: layout.end[node] ?? 0 };
}

function foldStretch(layout: TraceLayout, fold: number): Stretch {
  const from = layout.start[layout.folds.first[fold] ?? 0] ?? 0;
  let to = from;
  eachMember(layout, fold, (node) => {
    to = Math.max(to, layout.end[node] ?? 0);
  });
  return { from, to };
}

function toBox(scale: TimeScale, { from, to }: Stretch): { left: number; width: number } | null {
  const left = scale.toPx(from);
  const right = Math.max(scale.toPx(to), left + minWidthPx);
  if (right < 0 || left > scale.widthPx) return null;
  const cutLeft = Math.max(-marginPx, Math.min(left, scale.widthPx - minWidthPx));
  return { left: cutLeft, width: Math.min(scale.widthPx + marginPx, right) - cutLeft };
}

/** Neighbours closer than a pixel are one; children lie in start order. */
function coveredParts(
  layout: TraceLayout,
  node: number,
  toLocal: (time: number) => number,
): Stretch[] {
  const parts: { from: number; to: number }[] = [];
  const stop = layout.subtreeEnd[node] ?? 0;
  for (let child = node + 1; child < stop; child = layout.subtreeEnd[child] ?? stop) {
    if (layout.type[child] !== nodeTypes.span) continue;
    const from = toLocal(layout.start[child] ?? 0);
    const to = toLocal(layout.end[child] ?? 0);
    if (to - from < 0.5) continue;
    const last = parts.at(-1);
    if (last !== undefined && from <= last.to + 1) last.to = Math.max(last.to, to);
    else if (parts.length < maxStretches) parts.push({ from, to });
  }
  return parts;
}

/** Attempts stay apart and carry numbers; other members melt where they touch. Failures are a layer of their own. */
function foldSegments(
  layout: TraceLayout,
  fold: number,
  toLocal: (time: number) => number,
): readonly FoldSegment[] {
  const isAttempts = layout.folds.type[fold] === foldTypes.attempts;
  const segments: { from: number; to: number; isError: boolean; label: string }[] = [];
  const errors: typeof segments = [];
  let number = 0;
  eachMember(layout, fold, (node) => {
    number += 1;
    const from = toLocal(layout.start[node] ?? 0);
    const to = Math.max(toLocal(layout.end[node] ?? 0), from + 1);
    const isError = ((layout.marks[node] ?? 0) & marks.error) !== 0;
    const label = isAttempts && to - from >= labelPx ? String(number) : '';
    const list = isError ? errors : segments;
    const last = list.at(-1);
    if (last !== undefined && from <= last.to + 1 && !isAttempts) last.to = Math.max(last.to, to);
    else if (list.length < maxStretches) list.push({ from, to, isError, label });
  });
  return [...errors, ...segments];
}

function eachMember(layout: TraceLayout, fold: number, visit: (node: number) => void): void {
  const stop = layout.folds.end[fold] ?? 0;
  for (
    let node = layout.folds.first[fold] ?? 0;
    node < stop;
    node = layout.subtreeEnd[node] ?? stop
  ) {
    visit(node);
  }
}

function eventMarks({ events }: TraceLayout, node: number, scale: TimeScale): number[] {
  const found: number[] = [];
  for (let i = firstAtLeast(events.node, node); events.node[i] === node; i += 1) {
    const px = scale.toPx(events.time[i] ?? 0);
    const isFree = px - (found.at(-1) ?? Number.NEGATIVE_INFINITY) >= 4;
    if (px >= 0 && px <= scale.widthPx && isFree && found.length < maxEvents) found.push(px);
  }
  return found;
}

function firstAtLeast(sorted: Int32Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** As a layered CSS background: a veil over what children cover, so that the span's own time stands out. */
export function veilOf(covered: readonly Stretch[]): string {
  if (covered.length === 0) return 'none';
  const stops = covered.flatMap(({ from, to }) => [
    `transparent ${from}px`,
    `var(--veil) ${from}px`,
    `var(--veil) ${to}px`,
    `transparent ${to}px`,
  ]);
  return `linear-gradient(90deg, ${stops.join(', ')})`;
}

/** The members of a fold as layered CSS backgrounds, failures on top. */
export function segmentsBackground(segments: readonly FoldSegment[]): string {
  const layers = [true, false].map((isError) => {
    const stops = segments
      .filter((segment) => segment.isError === isError)
      .flatMap(({ from, to }) => {
        const colour = isError ? 'var(--error)' : 'var(--c)';
        const end = Math.max(from + 1, to - 1);
        return [
          `transparent ${from}px`,
          `${colour} ${from}px`,
          `${colour} ${end}px`,
          `transparent ${end}px`,
        ];
      });
    return stops.length === 0 ? [] : [`linear-gradient(90deg, ${stops.join(', ')})`];
  });
  return layers.flat().join(', ');
}
