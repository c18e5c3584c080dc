import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import { agent, llm, tool, workflow } from './vocabulary.ts';

/** More than the second that a trace may differ by without a notice. */
const behindMs = 1_400;

/** Two machines, one clock 1.4 s behind: the worker's five spans begin before the agent that called them. */
export function createClockSkew(options: ShapeOptions): Shape {
  return toShape(
    options,
    (trace, random) => {
      trace.span(workflow('two-machines'), () => {
        trace.span(agent('caller'), () => {
          trace.wait(30);
          trace.span({ ...agent('worker'), service: 'bench-worker' }, () => {
            for (let i = 0; i < 2; i++) {
              trace.span(llm(random), () => trace.wait(700));
              trace.span(tool('web_search', `call_${i}`), () => trace.wait(150));
            }
          });
          trace.wait(30);
        });
      });
    },
    (trace) => {
      for (const span of trace.spans.filter((span) => span.service === 'bench-worker')) {
        span.startMs -= behindMs;
        span.endMs -= behindMs;
      }
    },
  );
}
