import { parseArgs } from 'node:util';
import { backtest, type BacktestInput } from '../../collector/src/alerts/backtest/backtest.ts';
import type { SlidingSeries } from '../../collector/src/store/read-sliding.ts';
import { toTimedRule } from '../../collector/src/alerts/timed-rule.ts';
import { alertRule, type AlertRule } from '../../collector/src/contract.ts';
import { percentile } from '../percentile.ts';

/**
 * Processor time of trying rules on 7 days of values at steps of a minute, by 100 groups; without the reading of them:
 * `node bench/alerts/backtest.ts [--groups 100] [--rounds 5]`.
 */
const { values } = parseArgs({
  options: {
    groups: { type: 'string', default: '100' },
    rounds: { type: 'string', default: '5' },
  },
});
const command = 'node bench/alerts/backtest.ts';
const minuteMs = 60_000;
const stepCount = 7 * 24 * 60;
const startMs = Date.UTC(2026, 0, 5);

const rules: readonly (readonly [what: string, given: Partial<AlertRule>])[] = [
  ['a threshold that is seldom passed', { condition: threshold(15_000) }],
  ['a threshold that half of the values pass', { condition: threshold(5_000) }],
  [
    'the same without for, with flapping',
    { condition: threshold(5_000), for: '0s', keepFiring: '0s' },
  ],
  ['a ratio to the past', { condition: relative({ type: 'ratio', alert: 2 }) }],
  ['a seasonal band', { condition: relative({ type: 'seasonal', floor: 2_000 }) }],
];

const input = toInput(Number(values.groups));
for (const [what, given] of rules) {
  const timed = toTimedRule(
    alertRule.parse({
      id: 'latency',
      title: 'Latency',
      metric: 'agent_latency',
      by: 'agent',
      for: '5m',
      minSamples: 20,
      condition: threshold(0),
      ...given,
    }),
  );
  const costs: number[] = [];
  let told = '';
  for (let round = 0; round < Number(values.rounds); round += 1) {
    const before = process.cpuUsage();
    const { episodes, messageCount } = await backtest(timed, input);
    const { user, system } = process.cpuUsage(before);
    costs.push((user + system) / 1_000);
    told = `${episodes.length} episodes, ${messageCount} messages`;
  }
  console.log(`${what}: ${percentile(costs, 0.5).toFixed(0)} ms CPU (${told}) | ${command}`);
}

function threshold(alert: number): AlertRule['condition'] {
  return { type: 'threshold', direction: 'above', alert, target: null, recover: null };
}

function relative(given: object): AlertRule['condition'] {
  return alertRule.shape.condition.parse(given);
}

/** A walk around 5 s a group, with a bad hour now and then. */
function toInput(groupCount: number): BacktestInput {
  const random = createRandom(7);
  const timesMs = Array.from({ length: stepCount }, (_, index) => startMs + index * minuteMs);
  const groups = Array.from({ length: groupCount }, (_, place): SlidingSeries['groups'][number] => {
    let level = 5_000;
    let badUntil = 0;
    const value = timesMs.map((_, index) => {
      level += (random() - 0.5) * 600 + (5_000 - level) * 0.05;
      if (random() < 0.0003) badUntil = index + 60;
      return index < badUntil ? level * 4 : level;
    });
    return {
      group: `agent ${place}`,
      value,
      samples: timesMs.map(() => Math.floor(random() * 200)),
      bad: timesMs.map(() => 0),
      pricedShare: null,
    };
  });
  const hours = Array.from({ length: 5 * 168 }, (_, hour) => ({
    atMs: startMs + (hour - 4 * 168) * 60 * minuteMs,
    value: 4_000 + random() * 2_000,
    samples: 100,
  }));
  return {
    projectId: 'default',
    series: { timesMs, groups, otherGroups: 0 },
    hours: new Map(groups.map(({ group }) => [group, hours])),
    burn: [],
  };
}

function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
