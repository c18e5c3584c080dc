/** How wide a bar is: chosen so that bars are wide enough to be told apart. */
import { costSteps, type CostStep } from '../../routes.ts';
import { toMs } from '../../ui/time-range.ts';

const [minute, hour, day] = [60, 3_600, 86_400];
const widths: readonly (readonly [text: string, seconds: number])[] = [
  ...[1, 2, 5, 10, 15, 30].map((count) => [`${count}m`, count * minute] as const),
  ...[1, 2, 3, 6, 12].map((count) => [`${count}h`, count * hour] as const),
  ...[1, 2, 7, 14, 28, 91, 364].map((count) => [`${count}d`, count * day] as const),
];
const usualBars = 31;
const mostBars = 400;

/** As the server reads it. Of what does not fit the range, the usual width. */
export function toStep(chosen: CostStep, from: string, to: string, nowMs: number): string {
  const seconds = rangeSeconds(from, to, nowMs);
  if (seconds === null) return 'auto';
  if (chosen !== 'auto' && fits(chosen, seconds)) return chosen;
  return widths.find(([, width]) => seconds / width <= usualBars)?.[0] ?? '364d';
}

/** Those that a reader may choose for the range. */
export function stepsOf(from: string, to: string, nowMs: number): readonly CostStep[] {
  const seconds = rangeSeconds(from, to, nowMs);
  return costSteps.filter((step) => step === 'auto' || (seconds !== null && fits(step, seconds)));
}

function fits(step: CostStep, rangeInSeconds: number): boolean {
  const width = widths.find(([text]) => text === step)?.[1];
  if (width === undefined) return false;
  const bars = rangeInSeconds / width;
  return bars >= 2 && bars <= mostBars;
}

function rangeSeconds(from: string, to: string, nowMs: number): number | null {
  const [start, end] = [toMs(from, nowMs), toMs(to, nowMs)];
  return start === null || end === null || end <= start ? null : (end - start) / 1000;
}
