import { orchescope } from '@orchescope/sdk/attributes';
import type { Random } from '../../examples/demo/random.ts';
import type { OpenSpan, SpanSpec, Trace } from '../../examples/demo/trace.ts';
import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import {
  agent,
  agentNames,
  handoff,
  llm,
  retrieval,
  step,
  tool,
  toolNames,
  workflow,
} from './vocabulary.ts';

/**
 * A trace as a real agent system leaves it, of exactly `spanCount` spans and at most 8 levels: workflow, stage,
 * agent, step, tool or model call, and a second agent with steps of its own below some tools. Agents of a stage
 * run side by side; there are retries, errors, loops, rate-limit waits and handoffs.
 */
export function createAgents(spanCount: number, options: ShapeOptions): Shape {
  return toShape(options, (trace, random) => {
    const open = limitTo(spanCount, trace);
    open(workflow('bench-agents'), () => {
      for (let stage = 0; trace.spans.length < spanCount; stage++) {
        open(step(`stage-${stage}`, { [orchescope.stepIndex]: stage }), () => {
          runStage(trace, open, random);
        });
      }
    });
  });
}

type Open = (spec: SpanSpec, body: (span: OpenSpan) => void) => void;

/** Opens spans until the trace is full; what would come after is left out with its body. */
function limitTo(spanCount: number, trace: Trace): Open {
  return (spec, body) => {
    if (trace.spans.length < spanCount) trace.span(spec, body);
  };
}

function runStage(trace: Trace, open: Open, random: Random): void {
  const lanes = random.int(2, 6);
  trace.parallel(
    Array.from({ length: lanes }, () => () => {
      for (let i = random.int(2, 8); i > 0; i--) {
        runAgent(trace, open, random, { steps: random.int(3, 9), mayDelegate: true });
      }
    }),
  );
}

type AgentShape = { readonly steps: number; readonly mayDelegate: boolean };

function runAgent(trace: Trace, open: Open, random: Random, shape: AgentShape): void {
  const name = random.pick(agentNames);
  open(agent(name), () => {
    for (let iteration = 1; iteration <= shape.steps; iteration++) {
      const loop = { [orchescope.loopName]: 'react', [orchescope.loopIteration]: iteration };
      open(step('turn', loop), () => {
        runTurn(trace, open, random, shape);
      });
    }
    if (random.chance(0.2)) {
      open(handoff(name, random.pick(agentNames)), () => trace.wait(random.longTail(4)));
    }
  });
}

function runTurn(trace: Trace, open: Open, random: Random, shape: AgentShape): void {
  if (random.chance(0.08)) open(step('rate-limit wait'), () => trace.wait(random.longTail(9000)));
  callModel(trace, open, random);
  if (random.chance(0.2)) open(retrieval('handbook'), () => trace.wait(random.longTail(180)));
  const calls = Array.from({ length: random.int(0, 3) }, () => () => {
    const delegates = shape.mayDelegate && random.chance(0.04);
    if (delegates) delegate(trace, open, random);
    else callTool(trace, open, random);
  });
  trace.parallel(calls);
}

function callModel(trace: Trace, open: Open, random: Random): void {
  const failed = random.chance(0.04);
  open(llm(random), (span) => {
    trace.wait(random.longTail(2600, 0.7));
    if (failed) span.fail('rate_limit_exceeded', '429: too many tokens per minute');
  });
  if (!failed) return;
  trace.wait(random.longTail(1500));
  open(llm(random), (span) => {
    span.set({ [orchescope.retryAttempt]: 2 });
    trace.wait(random.longTail(2600, 0.7));
  });
}

function callTool(trace: Trace, open: Open, random: Random): void {
  open(tool(random.pick(toolNames), `call_${random.hex(6)}`), (span) => {
    trace.wait(random.longTail(420, 1));
    if (random.chance(0.05)) span.fail('TimeoutError', 'the tool gave no answer in time');
  });
}

function delegate(trace: Trace, open: Open, random: Random): void {
  open(tool('ask_specialist', `call_${random.hex(6)}`), () => {
    runAgent(trace, open, random, { steps: random.int(1, 3), mayDelegate: false });
  });
}
