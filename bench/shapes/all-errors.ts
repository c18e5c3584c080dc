import { orchescope } from '@orchescope/sdk/attributes';
import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import { agent, llm, tool, workflow } from './vocabulary.ts';

/** Nothing works: 62 spans, every one failed, the innermost first; each tool is tried three times. */
export function createAllErrors(options: ShapeOptions): Shape {
  return toShape(options, (trace, random) => {
    trace.span(workflow('doomed'), (root) => {
      trace.span(agent('optimist'), (outer) => {
        for (let turn = 0; turn < 15; turn++) {
          trace.span(llm(random), (span) => {
            trace.wait(random.longTail(900));
            span.fail('server_error', '503: the model is overloaded');
          });
          for (let attempt = 1; attempt <= 3; attempt++) {
            trace.span(tool('sql_query', `call_${turn}`), (span) => {
              span.set({ [orchescope.retryAttempt]: attempt });
              trace.wait(random.longTail(200));
              span.event('exception', {
                'exception.type': 'ConnectionError',
                'exception.message': 'connect ECONNREFUSED 10.0.0.7:5432',
              });
              span.fail('ConnectionError', 'connect ECONNREFUSED 10.0.0.7:5432');
            });
          }
        }
        outer.fail('AgentGaveUp', 'no tool answered');
      });
      root.fail('AgentGaveUp', 'no tool answered');
    });
  });
}
