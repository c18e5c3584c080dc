import { createRandom, type Random } from './random.ts';
import { createRun, type Outage, type Run } from './run.ts';
import { createTrace, type Trace } from './trace.ts';
import { workflows } from './workflows/all.ts';
import { codingAgent } from './workflows/coding-agent.ts';
import { planExecute } from './workflows/plan-execute.ts';
import { research } from './workflows/research.ts';
import type { Workflow } from './workflows/workflow.ts';

const hourMs = 3_600_000;

/** Runs that began just now, at any time of day, so that there is always something to watch. */
const underWayAtMost = 5;
const slowWorkflows: [Workflow, ...Workflow[]] = [codingAgent, research, planExecute];

export type DayOptions = {
  readonly seed: number;
  /** Now, as Unix milliseconds: the day is the 24 hours before it. What has not ended by then is told to its end; see clock.ts. */
  readonly endUnixMs: number;
  /** Runs; a run that was suspended and resumed leaves two traces. */
  readonly traces: number;
};

/** A day of the demo company, in order of start. */
export function createDay(options: DayOptions): Trace[] {
  const random = createDayRandom(options.seed, options.endUnixMs);
  const outage = createOutage(random, options.endUnixMs);
  const traces: Trace[] = [];
  const underWay = Math.min(underWayAtMost, options.traces);
  for (let i = 0; i < underWay; i++) {
    const startMs = options.endUnixMs - random.next() * 15_000;
    traces.push(...createTraces(random.pick(slowWorkflows), random, startMs, [outage]));
  }
  for (let i = underWay; i < options.traces; i++) {
    const workflow = pickWorkflow(random);
    const startMs =
      options.endUnixMs - 24 * hourMs + toTimeOfDay(random, workflow, options.endUnixMs);
    traces.push(...createTraces(workflow, random, startMs, [outage]));
  }
  return traces.sort((a, b) => startOf(a) - startOf(b));
}

/** The clock is part of the seed: a demo sent twice makes new traces, never the same ids at other times. */
export function createDayRandom(seed: number, endUnixMs: number): Random {
  return createRandom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.floor(endUnixMs / 1000));
}

/** One run of any workflow, beginning at `startMs`. */
export function createTraces(
  workflow: Workflow,
  random: Random,
  startMs: number,
  outages: readonly Outage[],
): Trace[] {
  const traces: Trace[] = [];
  const facts = toRunFacts(workflow, random, outages);
  const begin = (afterMs = 0): Run => {
    const last = traces.at(-1);
    const trace = createTrace(random, {
      startMs: last === undefined ? startMs : last.now() + afterMs,
      service: workflow.service,
    });
    traces.push(trace);
    return createRun(trace, random, facts);
  };
  workflow.tell({ random, begin });
  return traces;
}

export function pickWorkflow(random: Random): Workflow {
  const total = workflows.reduce((sum, { weight }) => sum + weight, 0);
  let left = random.next() * total;
  const picked = workflows.find(({ weight }) => (left -= weight) < 0);
  if (picked === undefined) throw new Error('the weights do not add up');
  return picked;
}

function toRunFacts(workflow: Workflow, random: Random, outages: readonly Outage[]) {
  const people = workflow.talksTo === 'people';
  return {
    runId: `run_${random.hex(8)}`,
    conversationId: people ? `conv_${random.hex(5)}` : '',
    userId: people ? `user-${random.int(1, 140)}` : '',
    outages,
  };
}

/** Milliseconds after the begin of the 24 hours: nights are quiet, noon is busy, nightly work is at night. */
function toTimeOfDay(random: Random, workflow: Workflow, endUnixMs: number): number {
  for (;;) {
    const offsetMs = random.next() * 24 * hourMs;
    const hour = ((endUnixMs + offsetMs) / hourMs) % 24;
    if (workflow.hours === 'night' && hour >= 1 && hour < 4) return offsetMs;
    if (workflow.hours === 'office' && random.chance(toLoad(hour))) return offsetMs;
  }
}

/** Between 0 and 1 by hour UTC: two humps around a lunch, and a night that never stops entirely. */
function toLoad(hour: number): number {
  const hump = (at: number, width: number) => Math.exp(-(((hour - at) / width) ** 2));
  return Math.min(1, 0.12 + hump(10, 2.6) * 0.85 + hump(15, 2.8) * 0.8);
}

/** One provider is down for 25 minutes, some time in the last ten hours. */
function createOutage(random: Random, endUnixMs: number): Outage {
  const fromMs = endUnixMs - (1 + random.next() * 9) * hourMs;
  return { provider: 'anthropic', fromMs, toMs: fromMs + 25 * 60_000 };
}

function startOf(trace: Trace): number {
  return trace.spans[0]?.startMs ?? 0;
}
