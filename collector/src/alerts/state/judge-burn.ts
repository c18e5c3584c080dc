/** How fast the budget of an objective burns: both windows of any pair have to be beyond its factor. */
import type { AlertCondition } from '../../contract.ts';
import type { BurnReadings, Reading } from '../reading.ts';
import type { TimedRule } from '../timed-rule.ts';
import { guard, isMeasured, withMinBad, type Judged } from './guards.ts';
import { sideOf, type Line } from './lines.ts';

type BurnRate = Extract<AlertCondition, { type: 'burn_rate' }>;

/** With a budget of 5 % nothing burns faster than 20 times: 14.4 would be 72 % failing. */
const mostBad = 0.8;

/** Share of bad samples beyond which a pair of this factor burns. */
export function burnLine({ objective }: BurnRate, factor: number): Line {
  const alert = Math.min(factor * (1 - objective), mostBad);
  return { direction: 'above', alert, recover: 0.8 * alert };
}

export function judgeBurn(
  timed: TimedRule,
  condition: BurnRate,
  burn: BurnReadings | null,
): Judged {
  const pairs = condition.pairs.flatMap(({ factor }, index) => {
    const readings = burn?.[index];
    if (readings === undefined) return [];
    const line = burnLine(condition, factor);
    return [
      pair(judgeWindow(timed, line, readings.long), judgeWindow(timed, line, readings.short)),
    ];
  });
  return pick(pairs, ['breach', 'insufficient', 'inside', 'recovered', 'missing']);
}

/**
 * Both have to burn, so one that is over ends the pair, whatever is known of the other. Short of that a window of which
 * too little is known decides nothing. The long window is the one that is shown.
 */
function pair(long: Judged, short: Judged): Judged {
  if (long.type === 'recovered') return long;
  if (short.type === 'recovered' && 'value' in long)
    return { ...short, value: long.value, samples: long.samples };
  if (long.type === 'missing' && short.type === 'missing') return long;
  if (long.type === 'missing' || long.type === 'insufficient') return toInsufficient(long);
  if (short.type === 'missing' || short.type === 'insufficient') return toInsufficient(long);
  return short.type === 'inside' ? { ...long, type: 'inside' } : long;
}

function toInsufficient(long: Judged): Judged {
  const { value, samples } = long.type === 'missing' ? { value: null, samples: 0 } : long;
  return { type: 'insufficient', reason: 'few_samples', value, samples };
}

/** Any pair that burns is enough; but no pair of which too little is known lets the others say that it is over. */
function pick(pairs: readonly Judged[], order: readonly Judged['type'][]): Judged {
  for (const type of order) {
    const found = pairs.find((pair) => pair.type === type);
    if (found !== undefined) return found;
  }
  return { type: 'missing' };
}

function judgeWindow(timed: TimedRule, line: Line, reading: Reading): Judged {
  const { value, samples } = reading;
  if (value === null || !isMeasured(reading, timed.rule.minSamples)) return { type: 'missing' };
  return (
    guard(timed, reading) ??
    withMinBad(timed, reading, { type: sideOf(line, value), value, threshold: line.alert, samples })
  );
}
