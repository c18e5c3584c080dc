import { genAi } from '@orchescope/sdk/attributes';
import { toShape, type Shape, type ShapeOptions } from './shape.ts';
import { agent, llm, workflow } from './vocabulary.ts';

/** Names that break pages, terminals and object keys; each must be shown as the text it is. */
const hostileNames = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '"><svg/onload=alert(1)>',
  'javascript:alert(1)',
  '\u202Eright to left\u202C',
  'zero\u200Bwidth\u200Djoined',
  '__proto__',
  'constructor',
  'toString',
  '${7*7} {{7*7}}',
  "'; DROP TABLE spans; --",
  'line\none\r\nthree\ttab',
  'bell\u0007 escape\u001b[31mred',
  '👩‍👩‍👧‍👦 family 🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'é vs é',
  'n'.repeat(5000),
  '',
] as const;

/** One tool call a hostile name, which is also its tool name and the key and value of an attribute. */
export function createHostileNames(options: ShapeOptions): Shape {
  return toShape(
    options,
    (trace) => {
      trace.span(workflow('hostile'), () => {
        for (const name of hostileNames) {
          trace.span({ name, attributes: { [genAi.operationName]: 'execute_tool' } }, (span) => {
            trace.wait(40);
            span.event(name, { text: name });
          });
        }
      });
    },
    (trace) => {
      for (const span of trace.spans.slice(1)) {
        span.attributes.set(genAi.toolName, span.name);
        if (span.name !== '') span.attributes.set(span.name, span.name);
      }
    },
  );
}

/** The sender did not say who it is: 3 spans. */
export function createNoService(options: ShapeOptions): Shape {
  return toShape(
    options,
    (trace, random) => {
      trace.span(workflow('anonymous'), () => {
        trace.span(agent('nobody'), () => trace.span(llm(random), () => trace.wait(800)));
      });
    },
    (trace) => {
      for (const span of trace.spans) span.service = '';
    },
  );
}

/** Of 5 spans one ends two seconds before it starts, one starts at 0 and one two days in the future. */
export function createBadTimes(options: ShapeOptions): Shape {
  return toShape(
    options,
    (trace, random) => {
      trace.span(workflow('bad-times'), () => {
        for (let i = 0; i < 4; i++) trace.span(llm(random), () => trace.wait(1000));
      });
    },
    (trace) => {
      const [, backwards, never, future] = trace.spans;
      if (backwards) backwards.endMs = backwards.startMs - 2000;
      if (never) never.startMs = 0;
      if (future) {
        future.startMs += 48 * 3_600_000;
        future.endMs += 48 * 3_600_000;
      }
    },
  );
}

/** Of 3 spans one ends before it starts; nothing else is odd. */
export function createEndBeforeStart(options: ShapeOptions): Shape {
  return toShape(
    options,
    (trace, random) => {
      trace.span(workflow('backwards'), () => {
        trace.span(llm(random), () => trace.wait(1000));
        trace.span(llm(random), () => trace.wait(1000));
      });
    },
    (trace) => {
      const last = trace.spans.at(-1);
      if (last) last.endMs = last.startMs - 2000;
    },
  );
}
