/** Numbers as the rows and the axis write them; the layout counts in nanoseconds and millionths of a USD. */
import { formatCount, formatDuration, formatUsd } from '../../format.ts';

export function durationText(ns: number): string {
  return formatDuration(ns / 1e6);
}

export function costText(microUsd: number): string {
  return formatUsd(String(microUsd / 1e6));
}

export function countText(count: number): string {
  return formatCount(count);
}

/** Of a whole, in percent; `<1 %` rather than 0. */
export function shareText(part: number, whole: number): string {
  const percent = whole > 0 ? (part / whole) * 100 : 0;
  if (percent > 0 && percent < 1) return '<1 %';
  return `${Math.round(percent)} %`;
}

const units = [
  { ns: 1, name: 'ns' },
  { ns: 1e3, name: 'us' },
  { ns: 1e6, name: 'ms' },
  { ns: 1e9, name: 's' },
] as const;

/** A time on the axis whose ticks are `stepNs` apart: no two ticks may read the same. */
export function tickText(ns: number, stepNs: number): string {
  if (ns === 0) return '0';
  if (ns < 0) return `-${tickText(-ns, stepNs)}`;
  if (ns >= 60e9) return longTickText(ns, stepNs);
  const unit = units.findLast(({ ns: size }) => ns >= size) ?? units[0];
  return `${(ns / unit.ns).toFixed(decimals(stepNs / unit.ns))} ${unit.name}`;
}

/** Two units when they are enough, otherwise as a clock: `5 m`, `3 h 20 m`, `3:20:05`, `20:05.25`. */
function longTickText(ns: number, stepNs: number): string {
  const seconds = ns / 1e9;
  const [h, m] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const s = seconds - h * 3600 - m * 60;
  if (stepNs >= 60e9) {
    if (h === 0) return `${m} m`;
    if (h >= 48 && stepNs >= 3600e9) return durationText(ns);
    return m === 0 ? `${h} h` : `${h} h ${m} m`;
  }
  const rest = s.toFixed(decimals(stepNs / 1e9));
  const padded = rest.indexOf('.') === 1 || rest.length === 1 ? `0${rest}` : rest;
  return h === 0 ? `${m}:${padded}` : `${h}:${String(m).padStart(2, '0')}:${padded}`;
}

function decimals(step: number): number {
  return Math.min(6, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9)));
}
