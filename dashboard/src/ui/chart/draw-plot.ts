/** The lines, axes and crosshair of a chart on a canvas. What lies over and under them is the component's. */
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { timeTicks, valueSteps } from './axis-steps.ts';
import type { ChartSeries, Plot } from './chart-types.ts';
import { aloneAt, pensOf, type Column, type Pen } from './lines.ts';
import { formatInUnit } from './unit-text.ts';

export type PlotSettings = {
  readonly unit: string;
  readonly height: number;
  readonly series: readonly ChartSeries[];
  /** Charts of one key move their crosshair together; empty = alone. */
  readonly crosshairKey: string;
  readonly range: () => readonly [number, number];
  /** Drawn again: sizes and scales may be others. */
  readonly ondraw: (plot: Plot) => void;
  /** Where the crosshair stands; null = nowhere. */
  readonly oncrosshair: (at: number | null) => void;
  readonly onselect: ((fromMs: number, toMs: number) => void) | null;
};

export type PlotView = {
  readonly setData: (timesMs: readonly number[], columns: readonly Column[]) => void;
  readonly setWidth: (width: number) => void;
  readonly showSeries: (at: number, isShown: boolean) => void;
  /** Moves the crosshair, also that of the charts beside it. */
  readonly pointAt: (at: number | null) => void;
  readonly rescale: () => void;
  readonly redraw: () => void;
  readonly destroy: () => void;
};

export function drawPlot(host: HTMLElement, width: number, settings: PlotSettings): PlotView {
  const plot = new uPlot(toOptions(width, settings), [[]], host);
  return {
    setData: (timesMs, columns) => {
      plot.setData([
        [...timesMs],
        ...columns.flatMap(({ done, open }) => [[...done], [...open]]),
      ] as uPlot.AlignedData);
    },
    setWidth: (next) => plot.setSize({ width: next, height: settings.height }),
    showSeries: (at, isShown) => {
      for (const half of [1, 2]) plot.setSeries(at * 2 + half, { show: isShown });
    },
    pointAt: (at) => moveCrosshair(plot, at),
    rescale: () => plot.setData(plot.data),
    redraw: () => plot.redraw(false, true),
    destroy: () => plot.destroy(),
  };
}

function toOptions(width: number, settings: PlotSettings): uPlot.Options {
  const { height, series, onselect } = settings;
  const token = (name: string): string =>
    getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  return {
    width,
    height,
    ms: 1,
    legend: { show: false },
    padding: [8, 20, null, 0],
    scales: { x: { time: true }, y: { range: () => [...settings.range()] as [number, number] } },
    cursor: toCursor(settings),
    axes: [
      axis(token, {
        space: 72,
        size: 24,
        values: (_, splits, __, ___, step) => timeTicks(splits, step),
      }),
      axis(token, {
        incrs: valueSteps(settings.unit),
        size: 64,
        values: (_, splits) => splits.map((value) => formatInUnit(value, settings.unit)),
      }),
    ],
    series: [
      {},
      ...pensOf(series).flatMap((pen) => [line(token, pen, []), line(token, pen, [4, 4])]),
    ],
    hooks: {
      draw: [(plot) => settings.ondraw(readPlot(plot))],
      setCursor: [(plot) => settings.oncrosshair(plot.cursor.idx ?? null)],
      setSelect: onselect === null ? [] : [(plot) => tellSelected(plot, onselect)],
    },
  };
}

function toCursor({ crosshairKey, onselect }: PlotSettings): uPlot.Cursor {
  return {
    y: false,
    drag: { x: onselect !== null, y: false, setScale: false, dist: 6 },
    points: { size: 7, width: 0 },
    focus: { prox: -1 },
    ...(crosshairKey === ''
      ? {}
      : { sync: { key: crosshairKey, scales: ['x', null], setSeries: false } }),
  };
}

/** What was dragged over is told, and not left on the plot. */
function tellSelected(plot: uPlot, onselect: (fromMs: number, toMs: number) => void): void {
  const { left, width } = plot.select;
  if (width <= 0) return;
  const [fromMs, toMs] = [left, left + width].map((px) => plot.posToVal(px, 'x'));
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (fromMs !== undefined && toMs !== undefined) onselect(fromMs, toMs);
}

/** The third argument, which the types leave out, tells the charts of the same key. */
type SetCursor = (
  position: { readonly left: number; readonly top: number },
  fire: boolean,
  publish: boolean,
) => void;

function moveCrosshair(plot: uPlot, at: number | null): void {
  const time = at === null ? undefined : plot.data[0][at];
  const left = time === undefined ? -10 : plot.valToPos(time, 'x');
  (plot.setCursor as SetCursor)({ left, top: time === undefined ? -10 : 1 }, true, true);
}

function axis(token: (name: string) => string, more: Partial<uPlot.Axis>): uPlot.Axis {
  return {
    font: `11px ${token('--sans')}`,
    stroke: () => token('--text-2'),
    grid: { stroke: () => token('--line'), width: 1 },
    ticks: { show: false },
    gap: 6,
    ...more,
  };
}

function line(token: (name: string) => string, pen: Pen, openDash: number[]): uPlot.Series {
  return {
    stroke: () => token(pen.token),
    width: pen.width,
    dash: openDash.length > 0 ? openDash : pen.dash,
    spanGaps: false,
    points: {
      size: 4,
      stroke: () => token(pen.token),
      fill: () => token(pen.token),
      // A value between two gaps has no line: it is a dot, or nobody would see it.
      filter: (plot, at) => aloneAt(plot.data[at] ?? []),
    },
  };
}

function readPlot(plot: uPlot): Plot {
  const { bbox, scales } = plot;
  const ratio = devicePixelRatio;
  return {
    left: bbox.left / ratio,
    top: bbox.top / ratio,
    width: bbox.width / ratio,
    height: bbox.height / ratio,
    fromMs: scales['x']?.min ?? 0,
    toMs: scales['x']?.max ?? 1,
    bottom: scales['y']?.min ?? 0,
    topValue: scales['y']?.max ?? 1,
  };
}
