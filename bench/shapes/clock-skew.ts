import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import { agent, llm, tool, workflow } from './vocabulary.ts';

/** Two machines, one clock 400 ms behind: the worker's five spans begin before the agent that called them. */
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
        span.startMs -= 400;
        span.endMs -= 400;
      }
    },
  );
}
