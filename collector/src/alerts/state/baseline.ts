/** The past of a value in two numbers: what it usually is, and how far it usually is from that. */
import type { AlertCondition } from '../../contract.ts';
import type { Baseline } from '../reading.ts';
import { toMs } from '../timed-rule.ts';

export type HourValue = {
  /** Start of the hour. */
  readonly atMs: number;
  readonly value: number | null;
  readonly samples: number;
};

/** Null while it goes on. */
export type LeftOut = { readonly startedAtMs: number; readonly endedAtMs: number | null };

export type Relative = Extract<AlertCondition, { type: 'ratio' | 'seasonal' }>;

const hourMs = 3_600_000;
const weekMs = 168 * hourMs;
/** Until three weeks are known a seasonal rule takes the hours of the last. */
const weeksNeeded = 3;
const fallbackHours = 24;

/** How far back it looks. */
export function pastMsOf(condition: AlertCondition): number {
  if (condition.type === 'ratio') return Math.max(toMs(condition.over), hourMs);
  return condition.type === 'seasonal' ? condition.weeks * weekMs : 0;
}

/**
 * @param hours in any order, of the weeks of the condition or of its `over`
 * @param windowFromMs start of the window that is judged: it must not be part of what it is held against
 * @param leftOut episodes of the same group: a bad night must not become what is usual
 */
export function toBaseline(
  condition: Relative,
  hours: readonly HourValue[],
  windowFromMs: number,
  minSamples: number,
  leftOut: readonly LeftOut[],
): Baseline {
  const known = hours.filter((hour) => isUsable(hour, windowFromMs, minSamples, leftOut));
  // The same for a whole hour, so that whoever looks at many times in it works it out once.
  const atHour = Math.floor(windowFromMs / hourMs) * hourMs;
  if (condition.type === 'ratio')
    return trailing(known, atHour - toMs(condition.over), condition.minHours);
  const same = known.filter(({ atMs }) => isSameHourOfWeek(atMs, atHour, condition.weeks));
  if (same.length >= Math.min(weeksNeeded, condition.weeks)) return toKnown(same);
  return trailing(known, atHour - weekMs, fallbackHours);
}

function trailing(hours: readonly HourValue[], fromMs: number, least: number): Baseline {
  const recent = hours.filter(({ atMs }) => atMs >= fromMs);
  return recent.length < Math.max(1, least)
    ? { state: 'learning', hours: recent.length }
    : toKnown(recent);
}

function isSameHourOfWeek(atMs: number, atHour: number, weeks: number): boolean {
  const behind = atHour - atMs;
  return behind > 0 && behind <= weeks * weekMs && behind % weekMs === 0;
}

function isUsable(
  { atMs, value, samples }: HourValue,
  windowFromMs: number,
  minSamples: number,
  leftOut: readonly LeftOut[],
): boolean {
  if (value === null || !Number.isFinite(value) || !(samples >= minSamples)) return false;
  const endMs = atMs + hourMs;
  if (endMs > windowFromMs) return false;
  return !leftOut.some(
    ({ startedAtMs, endedAtMs }) => startedAtMs < endMs && (endedAtMs === null || endedAtMs > atMs),
  );
}

function toKnown(hours: readonly HourValue[]): Baseline {
  const values = hours.map(({ value }) => value ?? 0);
  const median = medianOf(values);
  return {
    state: 'known',
    median,
    deviation: medianOf(values.map((value) => Math.abs(value - median))),
  };
}

/** Between the two in the middle when there are two; halved first, since their sum may be too large a number. */
function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = sorted.length >> 1;
  const high = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? high : (sorted[middle - 1] ?? 0) / 2 + high / 2;
}
