/** Which moments and stretches a chart has to show. */
import type { ChartBand, ChartMarker } from './chart-types.ts';

/** From the first value to where the last one ends. */
export type SeenRange = { readonly fromMs: number; readonly toMs: number };

/**
 * A value stands where its window begins, so the axis ends before the last window does.
 * @param plotted what the axis reaches
 */
export function seenRange(plotted: SeenRange, timesMs: readonly number[]): SeenRange {
  const [before, last] = timesMs.slice(-2);
  if (before === undefined || last === undefined) return plotted;
  return { fromMs: plotted.fromMs, toMs: Math.max(plotted.toMs, last + (last - before)) };
}

export function seenMarkers(markers: readonly ChartMarker[], range: SeenRange): ChartMarker[] {
  return markers.filter(({ atMs }) => atMs >= range.fromMs && atMs <= range.toMs);
}

export function seenBands(bands: readonly ChartBand[], range: SeenRange): ChartBand[] {
  return bands.filter(({ fromMs, toMs }) => toMs >= range.fromMs && fromMs <= range.toMs);
}
