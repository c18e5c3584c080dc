/** What has to be read of runs for one evaluation of a rule. */
import { toRunConditions } from '../../query/run-filter.ts';
import type { WindowAsk } from '../../store/window-sql.ts';
import { groupsOf, sourceOf } from '../settings/metric-facts.ts';
import { toMs, type TimedRule } from '../timed-rule.ts';

export type Window = { readonly fromMs: number; readonly toMs: number };

/** More than are watched: which of them are the worst depends on more than the value. */
const mostGroups = 200;

/** One window, or of burn rates the long and the short one of each pair. @throws what says why the rule does not fit */
export function toAsks(
  timed: TimedRule,
  window: Window,
  watched: readonly string[] = [],
): readonly WindowAsk[] {
  const { condition } = timed.rule;
  if (condition.type !== 'burn_rate') return [toAsk(timed, window, watched)];
  return condition.pairs.flatMap(({ long, short }) =>
    [long, short].map((length) =>
      toAsk(timed, { fromMs: window.toMs - toMs(length), toMs: window.toMs }, watched),
    ),
  );
}

function toAsk(
  { rule }: TimedRule,
  { fromMs, toMs: untilMs }: Window,
  watched: readonly string[],
): WindowAsk {
  const source = sourceOf(rule.metric);
  if (source === null) throw new Error(`${rule.metric} is of no runs`);
  if (!groupsOf(rule.metric).includes(rule.by)) {
    throw new Error(`by: ${rule.metric} cannot be told by ${rule.by}`);
  }
  return {
    source,
    conditions: toRunConditions(rule.filter),
    // Not the clock: whoever evaluates the window again finds the same.
    nowUnixNano: toNano(untilMs),
    groupBy: rule.by,
    aggregation: rule.aggregation,
    direction: directionOf(rule, source.bad),
    minSamples: rule.minSamples,
    limit: mostGroups,
    // Left out where there are none: rules that look at the same read it once.
    ...(watched.length > 0 && { watched }),
    fromUnixNano: toNano(fromMs),
    toUnixNano: toNano(untilMs),
  };
}

/** Which end of the values is the worst. */
function directionOf(
  { condition }: TimedRule['rule'],
  bad: 'numerator' | 'rest' | undefined,
): 'above' | 'below' {
  if (condition.type === 'burn_rate') return bad === 'rest' ? 'below' : 'above';
  if (condition.type === 'absence') return 'below';
  return condition.direction === 'below' ? 'below' : 'above';
}

function toNano(ms: number): bigint {
  return BigInt(Math.floor(ms)) * 1_000_000n;
}
