/** Times of a trace, counted from its first believable moment. */
import { spanFlags } from '../../span.ts';

export type TimeColumns = {
  readonly start: Float64Array;
  readonly duration: Float64Array;
  readonly flags: Uint16Array;
};

export type RelativeTimes = {
  /** What was taken from every start. */
  readonly shift: number;
  readonly start: Float64Array;
  readonly duration: Float64Array;
  /** Latest moment seen. */
  readonly end: number;
};

/**
 * A span with a bad time is drawn at the edge of the others: in its own place it would stretch the picture to
 * fifty years. Its flag says so; the span's own page shows what was sent.
 */
export function toRelativeTimes(times: TimeColumns): RelativeTimes {
  const { first, last } = readRange(times);
  const length = last - first;
  const start = new Float64Array(times.start.length);
  const duration = new Float64Array(times.start.length);
  for (let row = 0; row < times.start.length; row += 1) {
    const from = (times.start[row] ?? 0) - first;
    const taken = times.duration[row] ?? 0;
    const bad = isBadTime(times.flags[row] ?? 0);
    const begin = bad ? clamp(from, length) : from;
    start[row] = begin;
    duration[row] = bad && taken > 0 ? Math.max(0, clamp(from + taken, length) - begin) : taken;
  }
  return { shift: first, start, duration, end: length };
}

/** Of the spans whose time can be believed; of all, when none can. */
function readRange(times: TimeColumns): { first: number; last: number } {
  const trusted = times.flags.some((flags) => !isBadTime(flags));
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < times.start.length; row += 1) {
    if (trusted && isBadTime(times.flags[row] ?? 0)) continue;
    const start = times.start[row] ?? 0;
    first = Math.min(first, start);
    last = Math.max(last, start + Math.max(0, times.duration[row] ?? 0));
  }
  return first <= last ? { first, last } : { first: 0, last: 0 };
}

function isBadTime(flags: number): boolean {
  return (flags & spanFlags.badTime) !== 0;
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(0, value));
}
