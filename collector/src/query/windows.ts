/** A range cut into windows of one width, which begin at round times: the same ones whenever somebody looks again. */
import { ApiFailure } from './api-failure.ts';
import type { Range } from './read-range.ts';
import { toIso } from './time-range.ts';

export type Windows = {
  readonly stepSeconds: number;
  readonly stepNs: bigint;
  /** Start of the first window: at the start of the range, or a part of a step before. */
  readonly originUnixNano: bigint;
  readonly count: number;
};

const [minute, hour, day] = [60, 3_600, 86_400];
const roundSteps = [
  1,
  2,
  5,
  10,
  15,
  30,
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * minute),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hour),
  ...[1, 2, 7, 14, 28, 91, 182, 364, 728].map((days) => days * day),
];
const secondsPer: Readonly<Record<string, number>> = { s: 1, m: minute, h: hour, d: day };

const maxWindows = 1_000;
/** As many as a chart of usual width shows apart. */
const usualWindows = 120;
const nanosecondsPerSecond = 1_000_000_000n;

/**
 * @param step `auto`, or as in `5m`
 * @throws ApiFailure when there would be more than 1,000 windows
 */
export function toWindows({ from, to }: Range, step: string): Windows {
  const lengthSeconds = Number(to - from) / 1e9;
  const stepSeconds = step === 'auto' ? toAutoStep(lengthSeconds) : toSeconds(step);
  const stepNs = BigInt(stepSeconds) * nanosecondsPerSecond;
  const originUnixNano = from - (from % stepNs);
  const count = Number((to - originUnixNano + stepNs - 1n) / stepNs);
  if (count <= maxWindows) return { stepSeconds, stepNs, originUnixNano, count };
  const least = Math.ceil(lengthSeconds / (maxWindows - 1));
  throw new ApiFailure(
    'invalid_request',
    `step: the range would have ${count} windows of ${step}, and ${maxWindows} fit. Choose auto, or ${least}s and more.`,
  );
}

function toAutoStep(lengthSeconds: number): number {
  const fits = roundSteps.find((step) => lengthSeconds / step <= usualWindows);
  return fits ?? Math.ceil(lengthSeconds / usualWindows / day) * day;
}

function toSeconds(step: string): number {
  const seconds = Number(step.slice(0, -1)) * (secondsPer[step.slice(-1)] ?? 1);
  if (seconds > 0) return seconds;
  throw new ApiFailure('invalid_request', 'step: choose at least 1s.');
}

/** Start of each window. */
export function toTimes({ originUnixNano, stepNs, count }: Windows): string[] {
  return Array.from({ length: count }, (_, at) => toIso(originUnixNano + BigInt(at) * stepNs));
}
