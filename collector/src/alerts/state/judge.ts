/** What one value of one group means. Pure, and has an answer to whatever is measured. */
import type { AlertCondition } from '../../contract.ts';
import type { Baseline, BurnReadings, Reading } from '../reading.ts';
import type { TimedRule } from '../timed-rule.ts';
import { guard, insufficient, isMeasured, toCount, withMinBad, type Judged } from './guards.ts';
import { judgeBurn } from './judge-burn.ts';
import { lineOf, relativeLines, sideOf, type Line } from './lines.ts';

export type JudgeContext = {
  readonly baseline: Baseline | null;
  readonly burn: BurnReadings | null;
};

const missing: Judged = { type: 'missing' };

/** @param reading null = nothing was heard of the group */
export function judge(timed: TimedRule, reading: Reading | null, context: JudgeContext): Judged {
  const { rule } = timed;
  const { condition } = rule;
  if (condition.type === 'absence') return judgeAbsence(reading);
  if (condition.type === 'burn_rate') return judgeBurn(timed, condition, context.burn);
  if (reading === null || !isMeasured(reading, rule.minSamples)) return missing;
  const unsure = guard(timed, reading);
  if (unsure !== null) return unsure;
  const lines = linesOf(timed, condition, reading, context.baseline);
  if (lines === null) return insufficient('learning', reading);
  return withMinBad(timed, reading, compare(lines, reading));
}

/** What a value is held against; null while too little of the past is known. The worst line of several comes first. */
function linesOf(
  { rule }: TimedRule,
  condition: Exclude<AlertCondition, { type: 'absence' | 'burn_rate' }>,
  { value }: Reading,
  baseline: Baseline | null,
): readonly Line[] | null {
  if (condition.type === 'threshold') return [lineOf(condition, rule.metric)];
  if (baseline === null) return null;
  // Twice nothing is nothing: there is no ratio to a past of 0, other than that nothing is as much as ever.
  const isOfNothing = baseline.state === 'known' && baseline.median === 0 && value !== 0;
  if (condition.type === 'ratio' && isOfNothing) return null;
  return relativeLines(condition, rule.metric, baseline);
}

/** Nobody is told by what is in the window, only that something is. */
function judgeAbsence(reading: Reading | null): Judged {
  const samples = reading === null ? 0 : toCount(reading.samples);
  return { type: samples > 0 ? 'recovered' : 'breach', value: null, threshold: null, samples };
}

/** Beyond any line is a breach; over is what is past the recovery line of each. */
function compare(lines: readonly Line[], { value, samples }: Reading): Judged {
  const measured = value ?? Number.NaN;
  const count = toCount(samples);
  let worst: Judged | null = null;
  for (const line of lines) {
    const type = sideOf(line, measured);
    if (worst === null || badness[type] > badness[worst.type])
      worst = { type, value, threshold: line.alert, samples: count };
  }
  return worst ?? missing;
}

const badness = { missing: 0, insufficient: 0, recovered: 0, inside: 1, breach: 2 } as const;
