/** The whole trace in a few lanes of pixels: which kind group is busiest where, where it failed. */
import { groupNumberOf } from './kinds.ts';
import { marks, nodeTypes } from './trace-layout.ts';
import type { TraceLayout } from './trace-layout.ts';
import type { TimeScale } from './time-scale.ts';

export const minimapLanes = 6;

export type MinimapPixels = {
  /** `lane * width + x` -> kind group + 1; 0 = nothing. Deeper spans overwrite those above in the last lane. */
  readonly lanes: Uint8Array;
  /** 1 where a span failed. */
  readonly errors: Uint8Array;
  /** 1 where a match starts. */
  readonly matches: Uint8Array;
};

export function paintMinimap(
  layout: TraceLayout,
  scale: TimeScale,
  matches: Int32Array | null,
): MinimapPixels {
  const width = Math.max(1, Math.floor(scale.widthPx));
  const lanes = new Uint8Array(minimapLanes * width);
  const errors = new Uint8Array(width);
  const ticks = new Uint8Array(width);
  const column = (time: number): number =>
    Math.max(0, Math.min(width - 1, Math.floor(scale.toPx(time))));
  for (let node = 0; node < layout.count; node += 1) {
    const value = layout.marks[node] ?? 0;
    if (layout.type[node] !== nodeTypes.span || (value & marks.badTime) !== 0) continue;
    const from = column(layout.start[node] ?? 0);
    const to = column(layout.end[node] ?? 0);
    const lane = Math.min(minimapLanes - 1, layout.depth[node] ?? 0);
    const colour = groupNumberOf(layout.kind[node] ?? 0) + 1;
    lanes.fill(colour, lane * width + from, lane * width + to + 1);
    if ((value & marks.error) !== 0) errors[to] = 1;
  }
  for (const node of matches ?? []) ticks[column(layout.start[node] ?? 0)] = 1;
  return { lanes, errors, matches: ticks };
}
