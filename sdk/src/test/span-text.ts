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
  const ids = new Set(spans.map((span) => span.spanContext().spanId));
  const name = (id: string): string => {
    const at = spans.findIndex((span) => span.spanContext().spanId === id);
    return at === -1 ? 'elsewhere' : `#${at + 1} ${spans[at]?.name}`;
  };
  const lines: string[] = [];
  const visit = (span: ReadableSpan, indent: string): void => {
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
    const id = span.spanContext().spanId;
    for (const child of spans)
      if (child.parentSpanContext?.spanId === id) visit(child, `${indent}  `);
  };
  for (const span of spans) if (!ids.has(span.parentSpanContext?.spanId ?? '')) visit(span, '');
  return `${lines.join('\n')}\n`;
};

const status = ({ status: { code, message } }: ReadableSpan): string =>
  code === SpanStatusCode.ERROR ? ` ! ${message ?? ''}`.trimEnd() : '';

const attributes = (told: ReadableSpan['attributes'] | undefined, indent: string): string[] =>
  Object.entries(told ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${indent}${key} = ${varies[key] ?? JSON.stringify(value)}`);
