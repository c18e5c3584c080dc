/** The `z` key of the URL, e.g. `w1200.5-3400_idle_by-agent`: readable, and safe in a query without escapes. */
import type { TimeWindow } from './layout/time-scale.ts';

export const colourBys = ['kind', 'agent', 'model', 'service', 'status'] as const;
export type ColourBy = (typeof colourBys)[number];

export type View = {
  /** Nanoseconds since the trace start; null = the whole trace. */
  readonly window: TimeWindow | null;
  readonly isCompressed: boolean;
  readonly isCriticalOnly: boolean;
  /** The axis follows the rows on screen. */
  readonly isFitting: boolean;
  readonly colourBy: ColourBy;
};

export const defaultView: View = {
  window: null,
  isCompressed: false,
  isCriticalOnly: false,
  isFitting: false,
  colourBy: 'kind',
};

const nsPerMs = 1e6;

export function toViewText(view: View): string {
  const { window, colourBy } = view;
  const parts = [
    window === null ? '' : `w${toMs(window.start)}-${toMs(window.end)}`,
    view.isCompressed ? 'idle' : '',
    view.isCriticalOnly ? 'critical' : '',
    view.isFitting ? 'fit' : '',
    colourBy === 'kind' ? '' : `by-${colourBy}`,
  ];
  return parts.filter((part) => part !== '').join('_');
}

/** What cannot be read is left out: a cut link still opens the trace. */
export function fromViewText(text: string): View {
  const parts = new Set(text.split('_'));
  return {
    window: readWindow(parts),
    isCompressed: parts.has('idle'),
    isCriticalOnly: parts.has('critical'),
    isFitting: parts.has('fit'),
    colourBy: colourBys.find((by) => parts.has(`by-${by}`)) ?? 'kind',
  };
}

function readWindow(parts: Iterable<string>): TimeWindow | null {
  for (const part of parts) {
    const [, start, end] = /^w(\d+(?:\.\d+)?)-(\d+(?:\.\d+)?)$/.exec(part) ?? [];
    if (start === undefined || end === undefined) continue;
    const window = { start: toNs(start), end: toNs(end) };
    if (window.end > window.start) return window;
  }
  return null;
}

function toNs(ms: string): number {
  return Math.round(Number(ms) * nsPerMs);
}

/** Milliseconds with as many decimals as a nanosecond needs, and no zeros after them. */
function toMs(ns: number): string {
  return String(Number((Math.max(0, ns) / nsPerMs).toFixed(6)));
}
