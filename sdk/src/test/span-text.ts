import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

const varies: Readonly<Record<string, string>> = {
  'server.port': '<port>',
  'gen_ai.response.time_to_first_chunk': '<seconds>',
  'orchescope.retry.delay': '<seconds>',
  'orchescope.run.id': '<run>',
  'url.full': '<url>',
  'exception.stacktrace': '<stack>',
};

/** Spans as a reviewer reads them: parents before children, then every attribute, event and link. */
export const toSpanText = (spans: readonly ReadableSpan[]): string => {
  const order = parentsFirst(spans);
  const name = (id: string): string => {
    const at = order.findIndex(({ span }) => span.spanContext().spanId === id);
    return at === -1 ? 'elsewhere' : `#${at + 1} ${order[at]?.span.name}`;
  };
  const lines: string[] = [];
  for (const { span, depth } of order) {
    const indent = '  '.repeat(depth);
    lines.push(`${indent}${name(span.spanContext().spanId)}${status(span)}`);
    lines.push(...attributes(span.attributes, `${indent}    `));
    for (const event of span.events)
      lines.push(
        `${indent}    * ${event.name}`,
        ...attributes(event.attributes, `${indent}        `),
      );
    for (const { context, attributes: told } of span.links)
      lines.push(
        `${indent}    -> ${name(context.spanId)}`,
        ...attributes(told, `${indent}        `),
      );
  }
  return `${lines.join('\n')}\n`;
};

type Placed = { readonly span: ReadableSpan; readonly depth: number };

/** Clocks of parent and child need not agree below a millisecond; siblings are told apart by theirs. */
const parentsFirst = (spans: readonly ReadableSpan[]): readonly Placed[] => {
  const sorted = [...spans].sort((a, b) => startNs(a) - startNs(b));
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const place = (span: ReadableSpan, depth: number): Placed[] => [
    { span, depth },
    ...sorted
      .filter((child) => child.parentSpanContext?.spanId === span.spanContext().spanId)
      .flatMap((child) => place(child, depth + 1)),
  ];
  return sorted
    .filter((span) => !ids.has(span.parentSpanContext?.spanId ?? ''))
    .flatMap((root) => place(root, 0));
};

const status = ({ status: { code, message } }: ReadableSpan): string =>
  code === SpanStatusCode.ERROR ? ` ! ${message ?? ''}`.trimEnd() : '';

const attributes = (told: ReadableSpan['attributes'] | undefined, indent: string): string[] =>
  Object.entries(told ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${indent}${key} = ${varies[key] ?? JSON.stringify(value)}`);

const startNs = ({ startTime: [seconds, nanos] }: ReadableSpan): number => seconds * 1e9 + nanos;
