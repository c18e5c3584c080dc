import { orchescope } from '@orchescope/sdk/attributes';
import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import { step, workflow } from './vocabulary.ts';

/** One workflow that fans out to 5,000 branches, ten at a time: 5,001 spans, each twentieth branch failed. */
export function createSiblings(options: ShapeOptions): Shape {
  return toShape(options, (trace, random) => {
    trace.span(workflow('fan-out'), () => {
      for (let index = 0; index < 5000; index += 10) {
        trace.parallel(
          Array.from({ length: 10 }, (_, lane) => () => {
            const of = { [orchescope.stepIndex]: index + lane, [orchescope.stepOf]: 5000 };
            trace.span(step('branch', { ...of, [orchescope.stepType]: 'branch' }), (span) => {
              trace.wait(random.longTail(300));
              if ((index + lane) % 20 === 7) span.fail('TimeoutError', 'branch gave up');
            });
          }),
        );
      }
    });
  });
}
