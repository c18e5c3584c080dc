import { orchescope, otel } from '../attributes.ts';
import type { RecordedEvent, RecordedSpan } from './recorded.ts';

/** What a line tells beside the span's name. */
export type TreeOptions = {
  /** Each event below its span, with its fields. */
  readonly events?: boolean;
  /** What a span is linked to, by name. */
  readonly links?: boolean;
  /** The class of the error behind a span that failed. On by default. */
  readonly errors?: boolean;
  /** These attributes, where a span has them. */
  readonly attributes?: readonly string[];
};

/**
 * Spans as text, one a line, children indented below their parent, in the order they started. Without ids and times, so
 * that the same program gives the same text.
 *
 * @example
 * invoke_workflow support
 *   route intent
 *   handoff billing
 *   invoke_agent billing
 *     execute_tool refund ! TimeoutError
 */
export const printTree = (spans: readonly RecordedSpan[], options: TreeOptions = {}): string => {
  const ids = new Set(spans.map((span) => span.spanId));
  const byId = new Map(spans.map((span) => [span.spanId, span]));
  const lines: string[] = [];
  const visit = (span: RecordedSpan, depth: number): void => {
    const indent = '  '.repeat(depth);
    lines.push(indent + toLine(span, options));
    for (const detail of details(span, byId, options)) lines.push(`${indent}    ${detail}`);
    for (const child of spans) if (child.parentSpanId === span.spanId) visit(child, depth + 1);
  };
  for (const span of spans) if (!ids.has(span.parentSpanId ?? '')) visit(span, 0);
  return lines.join('\n');
};

const toLine = (span: RecordedSpan, { errors = true, attributes = [] }: TreeOptions): string => {
  const told = attributes
    .filter((name) => span.attributes[name] !== undefined)
    .map((name) => ` ${name}=${toText(span.attributes[name])}`);
  const failed = errors && span.status === 'error';
  return `${span.name}${told.join('')}${failed ? ` ! ${errorOf(span)}` : ''}`;
};

const errorOf = (span: RecordedSpan): string => toText(span.attributes[otel.errorType] ?? 'error');

const details = (
  span: RecordedSpan,
  byId: ReadonlyMap<string, RecordedSpan>,
  options: TreeOptions,
): string[] => [
  ...(options.links === true
    ? span.links.map(({ rel, spanId }) => `-> ${rel} ${byId.get(spanId)?.name ?? '(elsewhere)'}`)
    : []),
  ...(options.events === true ? span.events.map(toEventLine) : []),
];

const toEventLine = ({ name, attributes }: RecordedEvent): string => {
  const type = name.startsWith(orchescope.eventPrefix)
    ? name.slice(orchescope.eventPrefix.length)
    : name;
  const fields = Object.entries(attributes)
    .filter(([field]) => field !== 'exception.stacktrace')
    .map(([field, value]) => ` ${field.slice(field.lastIndexOf('.') + 1)}=${toText(value)}`);
  return `* ${type}${fields.join('')}`;
};

const toText = (value: unknown): string =>
  typeof value === 'string' ? value : JSON.stringify(value);
