/** Where ticks stand and how they read. */

const dayMs = 86_400_000;
const decades = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, at) => 10 ** (from + at)).flatMap((power) => [
    power,
    2 * power,
    5 * power,
  ]);

/** Minutes are of sixty seconds, so above ten seconds a decimal step would read badly. */
const durationSteps = [
  ...decades(-6, 3),
  ...[10, 15, 20, 30].map((seconds) => seconds * 1000),
  ...[1, 2, 5, 10, 15, 20, 30].map((minutes) => minutes * 60_000),
  ...[1, 2, 4, 6, 12].map((hours) => hours * 3_600_000),
  ...decades(0, 3).map((days) => days * dayMs),
];
const decimalSteps = decades(-12, 12);

/** Distances between ticks that read well in the unit, rising. */
export function valueSteps(unit: string): number[] {
  if (unit === 'ms') return durationSteps;
  return unit === 's' ? durationSteps.map((ms) => ms / 1000) : decimalSteps;
}

/** The distance that arrows move a line by: about a two-hundredth of what is seen. */
export function arrowStep(range: number, unit: string): number {
  const wanted = range / 200;
  return valueSteps(unit).find((step) => step >= wanted) ?? wanted;
}

/** The nearest multiple of the step, without the noise of binary fractions. */
export function roundTo(value: number, step: number): number {
  return Number((Math.round(value / step) * step).toPrecision(12));
}

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const clockWithSeconds = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** The clock; at midnight, and where ticks are days apart, the day. */
export function timeTicks(timesMs: readonly number[], stepMs: number): string[] {
  return timesMs.map((ms) => {
    const date = new Date(ms);
    const isMidnight = date.getHours() === 0 && date.getMinutes() === 0 && date.getSeconds() === 0;
    if (isMidnight || stepMs >= dayMs) return day.format(date);
    return (stepMs < 60_000 ? clockWithSeconds : clock).format(date);
  });
}

const moment = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
});

/** "21 Nov, 10:42". */
export function formatMoment(ms: number): string {
  return moment.format(ms);
}

/** What the scale reaches to: everything that is drawn, from zero, with room above it. */
export function valueRange(values: Iterable<number | null>, unit: string): [number, number] {
  let least = 0;
  let most = 0;
  for (const value of values) {
    if (value === null) continue;
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (most === 0 && least === 0) return [0, 1];
  // No share is more than all.
  const top = unit === 'share' && most <= 1 ? Math.min(most * 1.1, 1.02) : most * 1.1;
  return [least * 1.1, top];
}
