import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import type { Trace } from '../../examples/demo/trace.ts';
import { agent, llm, workflow } from './vocabulary.ts';

/** Agents that call agents, 120 levels down, with one model call at the bottom: 120 spans. */
export function createDeep(options: ShapeOptions): Shape {
  return toShape(options, (trace, random) => {
    trace.span(workflow('deep'), () => {
      descend(trace, 2, () => trace.span(llm(random), () => trace.wait(1400)));
    });
  });
}

function descend(trace: Trace, level: number, bottom: () => void): void {
  if (level === 120) return bottom();
  trace.span(agent(`level-${level}`), () => {
    trace.wait(20);
    descend(trace, level + 1, bottom);
    trace.wait(15);
  });
}
