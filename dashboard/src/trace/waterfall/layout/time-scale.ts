/** Nanoseconds to pixels and back, with idle stretches drawn as narrow bands when compression is on. */
import type { IdleGaps } from './trace-layout.ts';

export type TimeWindow = { readonly start: number; readonly end: number };

export type Band = {
  readonly from: number;
  readonly to: number;
  readonly px: number;
  readonly widthPx: number;
};

export type TimeScale = {
  readonly window: TimeWindow;
  readonly widthPx: number;
  readonly bands: readonly Band[];
  readonly toPx: (time: number) => number;
  readonly toTime: (px: number) => number;
};

export const bandPx = 28;
/** Bands never take more than this share of the width. */
const bandShare = 0.5;

export function createTimeScale(
  window: TimeWindow,
  widthPx: number,
  idle: Pick<IdleGaps, 'start' | 'end'> | null,
): TimeScale {
  const gaps = idle === null ? [] : gapsInside(window, idle);
  const band = gaps.length === 0 ? 0 : Math.min(bandPx, (widthPx * bandShare) / gaps.length);
  const idleNs = gaps.reduce((sum, gap) => sum + gap.end - gap.start, 0);
  const busyNs = Math.max(window.end - window.start - idleNs, 1);
  const perNs = (widthPx - band * gaps.length) / busyNs;
  const bands: Band[] = [];
  let px = 0;
  let time = window.start;
  for (const gap of gaps) {
    px += (gap.start - time) * perNs;
    bands.push({ from: gap.start, to: gap.end, px, widthPx: band });
    px += band;
    time = gap.end;
  }
  const toPx = (at: number): number => {
    if (bands.length === 0) return (at - window.start) * perNs;
    const before = bands[lastBefore(bands, ({ from }) => from <= at)];
    if (before === undefined) return (at - window.start) * perNs;
    if (at >= before.to) return before.px + before.widthPx + (at - before.to) * perNs;
    return before.px + ((at - before.from) / (before.to - before.from)) * before.widthPx;
  };
  const toTime = (at: number): number => {
    const before = bands[lastBefore(bands, ({ px: from }) => from <= at)];
    if (before === undefined) return window.start + at / perNs;
    const into = at - before.px;
    if (into >= before.widthPx) return before.to + (into - before.widthPx) / perNs;
    return before.from + (into / before.widthPx) * (before.to - before.from);
  };
  return { window, widthPx, bands, toPx, toTime };
}

/** The text of a tick must not be cut by the edge, nor run into the length written over a band. */
function hasRoom(px: number, { bands, widthPx }: TimeScale): boolean {
  const labelPx = 36;
  if (px > widthPx - labelPx) return false;
  return bands.every((band) => px < band.px - labelPx || px > band.px + band.widthPx + labelPx / 2);
}

function gapsInside(
  window: TimeWindow,
  { start, end }: Pick<IdleGaps, 'start' | 'end'>,
): TimeWindow[] {
  const inside: TimeWindow[] = [];
  for (const [i, from] of start.entries()) {
    const gap = { start: Math.max(from, window.start), end: Math.min(end[i] ?? from, window.end) };
    if (gap.end > gap.start) inside.push(gap);
  }
  return inside;
}

function lastBefore(bands: readonly Band[], isBefore: (band: Band) => boolean): number {
  let low = 0;
  let high = bands.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const band = bands[middle];
    if (band !== undefined && isBefore(band)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

/** Round steps of time, nanoseconds: 1-2-5 below a second, then what clocks use. */
const steps = [
  ...[1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8].flatMap((unit) => [unit, 2 * unit, 5 * unit]),
  ...[1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200].map(
    (s) => s * 1e9,
  ),
  ...[1, 2, 5, 10, 20, 50, 100].map((days) => days * 86_400e9),
];

export type Tick = { readonly time: number; readonly px: number };

/** At round times of the trace, about `apartPx` apart; none inside or against a band. */
export function ticksOf(scale: TimeScale, apartPx: number): readonly Tick[] {
  const { window, widthPx, bands } = scale;
  const idleNs = bands.reduce((sum, band) => sum + band.to - band.from, 0);
  const bandsPx = bands.reduce((sum, band) => sum + band.widthPx, 0);
  const nsPerPx = (window.end - window.start - idleNs) / Math.max(1, widthPx - bandsPx);
  const step = steps.find((candidate) => candidate >= nsPerPx * apartPx) ?? 100 * 86_400e9;
  const ticks: Tick[] = [];
  let lastPx = Number.NEGATIVE_INFINITY;
  let time = Math.ceil(window.start / step) * step;
  while (time <= window.end && ticks.length < 200) {
    const band = bands.find(({ from, to }) => time > from && time < to);
    if (band !== undefined) {
      time = Math.ceil(band.to / step) * step;
      continue;
    }
    const px = scale.toPx(time);
    if (px - lastPx >= apartPx * 0.75 && hasRoom(px, scale)) {
      ticks.push({ time, px });
      lastPx = px;
    }
    time += step;
  }
  return ticks;
}

/** Keeps the window inside `extent` and at least a microsecond wide. */
export function clampWindow(window: TimeWindow, extent: TimeWindow): TimeWindow {
  const whole = extent.end - extent.start;
  const width = Math.min(whole, Math.max(window.end - window.start, Math.min(1000, whole)));
  const start = Math.min(Math.max(window.start, extent.start), extent.end - width);
  return { start, end: start + width };
}

/** `factor` below 1 zooms in. The time under `px` stays where it is. */
export function zoomAt(
  scale: TimeScale,
  px: number,
  factor: number,
  extent: TimeWindow,
): TimeWindow {
  const { start, end } = scale.window;
  const pivot = scale.toTime(px);
  return clampWindow(
    { start: pivot - (pivot - start) * factor, end: pivot + (end - pivot) * factor },
    extent,
  );
}
