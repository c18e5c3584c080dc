import { orchescope } from '@orchescope/sdk/attributes';
import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import { agent, llm, tool, workflow } from './vocabulary.ts';

const hourMs = 3_600_000;

/**
 * Sixty hours from first to last, 99 % of them nobody works: three bursts of twelve minutes with two nights of
 * waiting for a person between them. 3 x 60 model and tool calls, 6 spans around them.
 */
export function createIdle(options: ShapeOptions): Shape {
  return toShape(options, (trace, random) => {
    trace.span(workflow('nightly-close'), () => {
      const burst = (name: string) =>
        trace.span(agent(name), () => {
          for (let call = 0; call < 30; call++) {
            trace.span(llm(random), () => trace.wait(14_000));
            trace.span(tool('sql_query', `call_${random.hex(6)}`), () => trace.wait(10_000));
          }
        });
      const approval = () =>
        trace.span({ name: 'approval ledger', attributes: { [orchescope.kind]: 'approval' } }, () =>
          trace.wait(29.7 * hourMs),
        );
      burst('collector');
      approval();
      burst('reconciler');
      approval();
      burst('reporter');
    });
  });
}
