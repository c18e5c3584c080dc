import { genAi } from '@orchescope/sdk/attributes';
import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import { agent, llm, workflow } from './vocabulary.ts';

/** A model call whose one user message is 1,048,576 characters long, and a small one beside it: 4 spans. */
export function createBigMessage(options: ShapeOptions): Shape {
  return toShape(options, (trace, random) => {
    trace.span(workflow('contract-review'), () => {
      trace.span(agent('reader'), () => {
        trace.span(llm(random), (span) => {
          span.set({ [genAi.inputMessages]: toMessage('user', longText(1 << 20)) });
          span.set({ [genAi.outputMessages]: toMessage('assistant', 'Clause 14 is unusual.') });
          trace.wait(21_000);
        });
        trace.span(llm(random), (span) => {
          span.set({ [genAi.inputMessages]: toMessage('user', 'Say why in one sentence.') });
          trace.wait(1200);
        });
      });
    });
  });
}

function toMessage(role: string, content: string): string {
  return JSON.stringify([{ role, parts: [{ type: 'text', content }] }]);
}

function longText(chars: number): string {
  const clause = 'The supplier shall, notwithstanding clause 9, keep the records for seven years. ';
  return clause.repeat(Math.ceil(chars / clause.length)).slice(0, chars);
}
