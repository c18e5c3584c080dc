import type { RecordedSpan, Trace } from '../../examples/demo/trace.ts';
import type { Random } from '../../examples/demo/random.ts';
import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import { agent, llm, tool, workflow } from './vocabulary.ts';

/** Two groups of spans whose parents never arrive, beside a sound tree: 13 of 15 spans sent. */
export function createOrphans(options: ShapeOptions): Shape {
  return toShape(options, tellSoundTree, (trace) => {
    const lost = new Set([spanAt(trace, 5), spanAt(trace, 9)]);
    trace.spans.splice(0, trace.spans.length, ...trace.spans.filter((span) => !lost.has(span)));
  });
}

/** A ring of three, a span that is its own parent, and a sound tree beside them: 15 spans. */
export function createCycles(options: ShapeOptions): Shape {
  return toShape(options, tellSoundTree, (trace) => {
    const [first, second, third] = [spanAt(trace, 5), spanAt(trace, 6), spanAt(trace, 7)];
    first.parentSpanId = third.spanId;
    second.parentSpanId = first.spanId;
    third.parentSpanId = second.spanId;
    const own = spanAt(trace, 9);
    own.parentSpanId = own.spanId;
  });
}

/** Three roots in one trace, 5 spans below each: 15 spans. */
export function createSeveralRoots(options: ShapeOptions): Shape {
  return toShape(options, (trace, random) => {
    for (const name of ['first', 'second', 'third']) {
      trace.span(workflow(name), () => tellAgent(trace, random, 3));
      trace.wait(500);
    }
  });
}

/** A workflow with three agents; rows 1, 5 and 9 are the agents, their calls follow them. */
function tellSoundTree(trace: Trace, random: Random): void {
  trace.span(workflow('sound'), () => {
    tellAgent(trace, random, 3);
    tellAgent(trace, random, 3);
    tellAgent(trace, random, 5);
  });
}

function tellAgent(trace: Trace, random: Random, calls: number): void {
  trace.span(agent('worker'), () => {
    for (let call = 0; call < calls; call++) {
      if (call % 2 === 0) trace.span(llm(random), () => trace.wait(random.longTail(900)));
      else trace.span(tool('web_search', `call_${call}`), () => trace.wait(random.longTail(300)));
    }
  });
}

function spanAt(trace: Trace, row: number): RecordedSpan {
  const span = trace.spans[row];
  if (span === undefined) throw new Error(`the trace has no row ${row}`);
  return span;
}
