import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import type { AlertSettings, KnownRule } from '../../collector/src/alerts/alert-settings.ts';
import { createBaselines } from '../../collector/src/alerts/evaluate/baselines.ts';
import {
  evaluateProject,
  type RoundParts,
} from '../../collector/src/alerts/evaluate/evaluate-project.ts';
import { createExemplars } from '../../collector/src/alerts/evaluate/exemplars.ts';
import { judgeAll } from '../../collector/src/alerts/evaluate/judge-all.ts';
import type { KeptRule } from '../../collector/src/alerts/evaluate/kept-rule.ts';
import { createLateData } from '../../collector/src/alerts/evaluate/late-data.ts';
import { nextTimeMs } from '../../collector/src/alerts/evaluate/next-time.ts';
import { hashOfRule } from '../../collector/src/alerts/settings/hash-of-rule.ts';
import { alertRule, type AlertRule } from '../../collector/src/contract.ts';
import { writeEvaluations } from '../../collector/src/store/alert-log.ts';
import { readWindows } from '../../collector/src/store/read-window.ts';
import { createTurns } from '../../collector/src/store/turns.ts';
import { startRunsStore } from './runs-store.ts';

/**
 * Minutes of a thousand rules, no two of which read the same, each by about a hundred groups, over 10 million spans, as
 * the evaluator lives them: rounds of what is due, judged, stepped, told and stored. The processor time of engine and
 * evaluator together must stay below that of a minute of one core.
 * `node bench/alerts/evaluate.ts [--runs 500000] [--rules 1000] [--minutes 2]`
 */
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '500000' },
    rules: { type: 'string', default: '1000' },
    minutes: { type: 'string', default: '2' },
  },
});
const { engine, endUnixNano } = await startRunsStore(Number(values.runs), {
  agents: Array.from({ length: 100 }, (_, at) => `agent-${at}`),
  workflows: 100,
});
const { client } = engine;
const projectId = 'default';
const minutes = Number(values.minutes);

const condition = (alert: number, direction: 'above' | 'below' = 'above') =>
  ({ type: 'threshold', direction, alert, target: null, recover: null }) as const;
const given: readonly Partial<AlertRule>[] = [
  { metric: 'agent_latency', by: 'agent', window: '5m', condition: condition(20_000) },
  {
    metric: 'agent_latency',
    by: 'agent',
    window: '10m',
    aggregation: 'mean',
    condition: condition(15_000),
  },
  { metric: 'error_rate', by: 'agent', window: '10m', condition: condition(0.5) },
  { metric: 'token_cost_per_task', by: 'workflow', window: '60m', condition: condition(2) },
  { metric: 'loop_rate', by: 'workflow', window: '30m', condition: condition(0.5) },
  { metric: 'handoff_success', by: 'agent', window: '30m', condition: condition(0.2, 'below') },
  { metric: 'end_to_end_latency', by: 'workflow', window: '10m', condition: condition(70_000) },
  { metric: 'model_latency', by: 'agent', window: '5m', condition: condition(20_000) },
];

/** A filter of its own for each, which nearly all runs pass. */
const rules = Array.from({ length: Number(values.rules) }, (_, at): KnownRule => {
  const own = { id: `rule-${at}`, title: `Rule ${at}`, filter: `-run:run-${at}` };
  const rule = alertRule.parse({ minSamples: 3, ...given[at % given.length], ...own });
  return {
    rule,
    hash: hashOfRule(rule),
    origin: 'api',
    file: '',
    changedAtMs: null,
    changedBy: '',
  };
});
const settings: AlertSettings = {
  projectId,
  rules,
  silences: [],
  acknowledged: new Map(),
  resolved: new Map(),
  muteTimings: [],
  channels: [],
};

const warn = (message: string): void => console.log(message);
let groups = 0;
const parts: RoundParts = {
  turns: createTurns(),
  judgeAll: async (looks) => {
    const readBaselines = createBaselines(engine);
    const found = await judgeAll(
      {
        signal: new AbortController().signal,
        readWindows: (project, asks, signal) => readWindows({ client, signal }, project, asks),
        readPlatform: () => Promise.reject(new Error('no rule looks at the platform')),
        readBaselines,
      },
      looks,
    );
    for (const one of found) groups += one.type === 'judged' ? one.judged.length : 0;
    return found;
  },
  exemplarsOf: createExemplars(engine, warn),
  lateEvents: createLateData(engine, warn),
};

const kept = new Map<string, KeptRule>();
const endMs = Number(endUnixNano / 1_000_000n);
const delayMs = 3_000;
/** As the evaluator sleeps at least. */
const shortestSleepMs = 20;

/** From one time that something is due to the next; a round that takes long lets more become due. */
async function live(
  fromMs: number,
  untilMs: number,
): Promise<{ rounds: number; evaluations: number }> {
  let [rounds, evaluations] = [0, 0];
  for (let nowMs = fromMs; nowMs < untilMs; rounds += 1) {
    const startedAt = performance.now();
    const round = await evaluateProject(parts, {
      projectId,
      settings,
      kept,
      nowMs,
      delayMs,
      hiddenMs: 0,
      term: 1,
    });
    if (round.failed > 0) throw new Error(`${round.failed} rules could not be read`);
    if (round.evaluations.length > 0) {
      await writeEvaluations(client, round.evaluations, `bench ${nowMs} ${performance.now()}`);
    }
    for (const [id, one] of round.kept) kept.set(id, one);
    evaluations += round.evaluations.length;
    const passedMs = performance.now() - startedAt;
    nowMs = Math.max(
      nextTimeMs(projectId, settings, kept, nowMs),
      nowMs + passedMs + shortestSleepMs,
    );
  }
  return { rounds, evaluations };
}

const fromMs = endMs - minutes * 60_000;
// What is due at first is all rules at once; from then on each has its time.
await live(fromMs, fromMs + 1);
groups = 0;
const [engineCpu, ownCpu, startedAt] = [engine.cpuSeconds(), process.cpuUsage(), performance.now()];
const { rounds, evaluations } = await live(fromMs + 1, endMs);
const { user, system } = process.cpuUsage(ownCpu);
const engineSeconds = (engine.cpuSeconds() - engineCpu) / minutes;
const ownSeconds = (user + system) / 1e6 / minutes;
const wall = (performance.now() - startedAt) / 1_000;
const each = (groups / evaluations).toFixed(0);
console.log(
  `${rules.length} rules, ${minutes} minutes: ${evaluations} evaluations of ${each} groups in ${rounds} rounds, ${wall.toFixed(1)} s; CPU a minute: engine ${engineSeconds.toFixed(1)} s, own ${ownSeconds.toFixed(1)} s; load ${loadavg()[0]?.toFixed(1)}`,
);
await engine.close();
