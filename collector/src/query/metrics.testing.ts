/** The numbers as their definitions read, over the runs themselves: slow, plain, and right. */
import type { MetricName } from '../contract.ts';
import type { ModelCall, Run } from '../run.ts';

type Groups = Readonly<Record<string, string>>;
export type Sample = {
  readonly at: bigint;
  readonly value: number | bigint;
  readonly weight?: number;
  readonly groups: Groups;
};

/** `to` is excluded. `nowUnixNano`: when it is asked. */
export type Asked = { readonly from: bigint; readonly to: bigint; readonly nowUnixNano: bigint };

export function samplesOf(name: MetricName, run: Run, asked: Asked): Sample[] {
  const groups = groupsOf(run);
  return all[name](run, asked).map((sample) =>
    Object.assign(sample, { groups: { ...groups, ...sample.groups } }),
  );
}

function groupsOf({ workflow, environment, status, ...run }: Run): Groups {
  const version = run.workflowVersion === '' ? run.serviceVersion : run.workflowVersion;
  return { workflow, environment, status, version };
}

type Drawn = Omit<Sample, 'groups'> & { readonly groups?: Groups };

const endedCalls = (run: Run) =>
  run.agentCalls.flatMap(({ agent, startUnixNano, durationNs, failed }) =>
    durationNs === null
      ? []
      : [{ at: startUnixNano + BigInt(durationNs), durationNs, failed, groups: { agent } }],
  );
const endedModelCalls = (run: Run) =>
  run.modelCalls.flatMap(({ agent, model, startUnixNano, durationNs, failed }) =>
    durationNs === null
      ? []
      : [
          {
            at: startUnixNano + BigInt(durationNs),
            durationNs,
            failed,
            groups: { agent, model },
          },
        ],
  );
const isOver = ({ status }: Run): boolean => status !== 'running' && status !== 'suspended';
const judgedAt = (run: Run): bigint =>
  run.status === 'running' ? run.lastActivityUnixNano : run.endUnixNano;
const inputOf = ({ tokens }: ModelCall): number =>
  (tokens.input ?? 0) + (tokens.cacheRead ?? 0) + (tokens.cacheWrite ?? 0);
const outputOf = ({ tokens }: ModelCall): number => (tokens.output ?? 0) + (tokens.reasoning ?? 0);
const calls = (
  run: Run,
  draw: (call: ModelCall) => Pick<Sample, 'value' | 'weight'> | null,
): Drawn[] =>
  run.modelCalls.flatMap((call) => {
    const drawn = draw(call);
    const groups = { agent: call.agent, model: call.model };
    return drawn === null ? [] : [{ ...drawn, at: call.startUnixNano, groups }];
  });

const all: Readonly<Record<MetricName, (run: Run, asked: Asked) => Drawn[]>> = {
  agent_latency: (run) =>
    endedCalls(run).map((call) => Object.assign(call, { value: call.durationNs / 1e6 })),
  error_rate: (run) =>
    endedCalls(run).map((call) => Object.assign(call, { value: Number(call.failed), weight: 1 })),
  token_cost_per_task: (run) =>
    isOver(run) && run.costTrillionths !== null
      ? [{ at: run.endUnixNano, value: run.costTrillionths, weight: 1 }]
      : [],
  loop_rate: (run) => {
    const isLoop = run.findings.some(({ kind }) => kind === 'loop');
    return [{ at: judgedAt(run), value: Number(isLoop), weight: 1 }];
  },
  handoff_success: (run) =>
    run.handoffs
      .filter(({ outcome }) => outcome !== 'pending')
      .map(({ from, to, outcome, timeUnixNano }) => ({
        at: timeUnixNano,
        value: Number(outcome === 'accepted'),
        weight: 1,
        groups: { agent: to, handoff: `${from} -> ${to}` },
      })),
  end_to_end_latency: (run, { to, nowUnixNano }) => {
    if (run.status === 'suspended' || run.startUnixNano >= to) return [];
    if (run.status !== 'running' && run.endUnixNano < to) {
      return [{ at: run.endUnixNano, value: run.durationNs / 1e6 }];
    }
    const until = nowUnixNano < to ? nowUnixNano : to;
    return [{ at: until < to ? until : to - 1n, value: Number(until - run.startUnixNano) / 1e6 }];
  },
  breaker_opens: (run) =>
    run.breakerTransitions
      .filter(({ state }) => state === 'open')
      .map(({ breaker, timeUnixNano }) => ({ at: timeUnixNano, value: 1, groups: { breaker } })),
  runs_started: (run) => [{ at: run.startUnixNano, value: 1 }],
  runs_finished: (run) => (isOver(run) ? [{ at: run.endUnixNano, value: 1 }] : []),
  // Of intervals: where each begins, and as the value where it ends.
  active_runs: (run, { to }) => [
    { at: run.startUnixNano, value: run.status === 'running' ? to : run.endUnixNano },
  ],
  queue_wait: (run) =>
    run.queueTakes.flatMap(({ queue, timeUnixNano, waitNs }) =>
      waitNs === null ? [] : [{ at: timeUnixNano, value: waitNs / 1e6, groups: { queue } }],
    ),
  retry_rate: (run) => [{ at: judgedAt(run), value: run.retryCount, weight: 1 }],
  cache_hit_share: (run) =>
    calls(run, (call) =>
      inputOf(call) > 0 ? { value: call.tokens.cacheRead ?? 0, weight: inputOf(call) } : null,
    ),
  time_to_first_token: (run) =>
    calls(run, ({ firstTokenNs }) =>
      firstTokenNs === null ? null : { value: firstTokenNs / 1e6 },
    ),
  tokens_per_second: (run) =>
    calls(run, (call) =>
      call.durationNs !== null && call.durationNs > 0 && outputOf(call) > 0
        ? { value: (outputOf(call) * 1e9) / call.durationNs }
        : null,
    ),
  tokens: (run) => calls(run, (call) => ({ value: inputOf(call) + outputOf(call) })),
  cost: (run) =>
    calls(run, ({ costTrillionths }) =>
      costTrillionths === null ? null : { value: costTrillionths },
    ),
  findings: (run) =>
    run.findings.map(({ kind, severity }) => ({
      at: judgedAt(run),
      value: 1,
      groups: { finding: kind, severity },
    })),
  failed_runs: (run) => (run.status === 'failed' ? [{ at: run.endUnixNano, value: 1 }] : []),
  failed_run_share: (run) =>
    isOver(run) ? [{ at: run.endUnixNano, value: Number(run.status === 'failed'), weight: 1 }] : [],
  run_cost: (run) =>
    isOver(run) && run.costTrillionths !== null
      ? [{ at: run.endUnixNano, value: run.costTrillionths }]
      : [],
  agent_calls: (run) => endedCalls(run).map((call) => Object.assign(call, { value: 1 })),
  failed_agent_calls: (run) =>
    endedCalls(run).map((call) => Object.assign(call, { value: Number(call.failed) })),
  model_calls: (run) => calls(run, () => ({ value: 1 })),
  model_latency: (run) =>
    endedModelCalls(run).map((call) => Object.assign(call, { value: call.durationNs / 1e6 })),
  model_error_rate: (run) =>
    endedModelCalls(run).map((call) =>
      Object.assign(call, { value: Number(call.failed), weight: 1 }),
    ),
  handoffs: (run) =>
    run.handoffs.map(({ from, to, timeUnixNano }) => ({
      at: timeUnixNano,
      value: 1,
      groups: { agent: to, handoff: `${from} -> ${to}` },
    })),
  tool_calls: (run) => [{ at: judgedAt(run), value: run.toolCallCount }],
  failed_tool_calls: (run) => [{ at: judgedAt(run), value: run.failedToolCallCount }],
  retries: (run) => [{ at: judgedAt(run), value: run.retryCount }],
  queue_failures: (run) =>
    run.queueTakes
      .filter(({ failed }) => failed)
      .map(({ queue, timeUnixNano }) => ({ at: timeUnixNano, value: 1, groups: { queue } })),
};

export type Figure = {
  readonly value: number | null;
  readonly p50: number | null;
  readonly p99: number | null;
  readonly samples: number;
};

const shapes: Readonly<Partial<Record<MetricName, 'p50' | 'p95' | 'ratio' | 'active'>>> = {
  agent_latency: 'p95',
  error_rate: 'ratio',
  token_cost_per_task: 'ratio',
  loop_rate: 'ratio',
  handoff_success: 'ratio',
  end_to_end_latency: 'p95',
  active_runs: 'active',
  queue_wait: 'p95',
  retry_rate: 'ratio',
  cache_hit_share: 'ratio',
  time_to_first_token: 'p95',
  tokens_per_second: 'p50',
  failed_run_share: 'ratio',
  run_cost: 'p95',
  model_latency: 'p95',
  model_error_rate: 'ratio',
};

/** Of the samples of a window, which ends at `end`. */
export function figureOf(name: MetricName, samples: readonly Sample[], end: bigint): Figure {
  const shape = shapes[name] ?? 'sum';
  if (shape === 'active') {
    const open = samples.filter(({ at, value }) => at < end && value >= end).length;
    return { value: open, p50: null, p99: null, samples: open };
  }
  const { length } = samples;
  if (shape === 'sum') return { value: add(samples), p50: null, p99: null, samples: length };
  if (length === 0) return { value: null, p50: null, p99: null, samples: 0 };
  if (shape === 'ratio') {
    const weight = samples.reduce((sum, { weight = 0 }) => sum + weight, 0);
    return { value: add(samples) / weight, p50: null, p99: null, samples: length };
  }
  const sorted = samples.map(toNumber).sort((a, b) => a - b);
  const rank = (q: number): number => sorted[Math.ceil((q * length) / 100) - 1] ?? Number.NaN;
  const value = shape === 'p50' ? rank(50) : rank(95);
  return { value, p50: rank(50), p99: rank(99), samples: length };
}

/** Money is whole trillionths. */
export function toNumber({ value }: Sample): number {
  return typeof value === 'bigint' ? Number(value) / 1e12 : value;
}

function add(samples: readonly Sample[]): number {
  const money = samples.reduce(
    (sum, { value }) => (typeof value === 'bigint' ? sum + value : sum),
    0n,
  );
  const numbers = samples.reduce(
    (sum, { value }) => (typeof value === 'number' ? sum + value : sum),
    0,
  );
  return money > 0n ? Number(money) / 1e12 : numbers;
}
