import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import { agent, llm, tool, workflow } from './vocabulary.ts';

/** A trace in the middle of its work: 8 spans, of which the workflow, one agent and one model call have no end. */
export function createRunning(options: ShapeOptions): Shape {
  return toShape(options, (trace, random) => {
    trace.span(workflow('in-progress'), () => {
      trace.span(agent('planner'), () => {
        trace.span(llm(random), () => trace.wait(1800));
        trace.span(tool('read_file', 'call_1'), () => trace.wait(90));
      });
      trace.span(agent('coder'), () => {
        trace.span(llm(random), () => trace.wait(2400));
        trace.span(tool('run_tests', 'call_2'), () => trace.wait(5200));
        trace.span(llm(random), (span) => span.leaveRunning());
      });
    });
  });
}
