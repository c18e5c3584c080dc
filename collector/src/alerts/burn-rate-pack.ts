/** Rules that tell how fast the budget of an objective is used up, for whoever wants them: none is on by itself. */
import type { z } from 'zod';
import { alertRule, type AlertRule } from '../contract.ts';

export type Objective = {
  /** Begins the ids of the rules. */
  readonly id: string;
  readonly title: string;
  readonly metric: 'error_rate' | 'loop_rate' | 'handoff_success';
  readonly by: AlertRule['by'];
  /** Share that must be good. */
  readonly objective: number;
};

type Pair = { readonly long: string; readonly short: string; readonly factor: number };

const fast: readonly Pair[] = [
  { long: '1h', short: '5m', factor: 14.4 },
  { long: '6h', short: '30m', factor: 6 },
];
const slow: readonly Pair[] = [{ long: '3d', short: '6h', factor: 1 }];

/** One rule that wakes somebody, and one for the next working day. */
export function burnRatePack(objective: Objective): AlertRule[] {
  return [
    toRule(objective, { name: 'fast', pairs: fast, severity: 'critical' }),
    toRule(objective, { name: 'slow', pairs: slow, severity: 'warning' }),
  ];
}

function toRule(
  { id, title, metric, by, objective }: Objective,
  {
    name,
    pairs,
    severity,
  }: { name: string; pairs: readonly Pair[]; severity: 'critical' | 'warning' },
): AlertRule {
  const written: z.input<typeof alertRule> = {
    id: `${id}-burn-${name}`,
    title: `${title}: the budget burns ${name === 'fast' ? 'fast' : 'slowly'}`,
    description: `At least ${Number((objective * 100).toFixed(3))} % must be good.`,
    metric,
    by,
    window: name === 'fast' ? '1h' : '6h',
    condition: {
      type: 'burn_rate',
      objective,
      pairs: pairs.map((pair) => capped(pair, objective)),
    },
    minSamples: 20,
    severity,
  };
  return alertRule.parse(written);
}

/** An objective of 95 % burns 20 times as fast at most, when all is bad: 14.4 would wait for 72 %. */
function capped({ long, short, factor }: Pair, objective: number): Pair {
  const most = Number((0.8 / (1 - objective)).toFixed(3));
  return { long, short, factor: Math.min(factor, most) };
}

/** With the targets of the default rules as objectives. */
export const burnRatePacks: readonly AlertRule[] = [
  burnRatePack({
    id: 'agent-errors',
    title: 'Agents fail',
    metric: 'error_rate',
    by: 'agent',
    objective: 0.98,
  }),
  burnRatePack({
    id: 'loops',
    title: 'Agents run in circles',
    metric: 'loop_rate',
    by: 'workflow',
    objective: 0.99,
  }),
  burnRatePack({
    id: 'handoffs',
    title: 'Handoffs fail',
    metric: 'handoff_success',
    by: 'handoff',
    objective: 0.95,
  }),
].flat();
