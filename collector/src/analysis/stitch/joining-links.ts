import type { RunSpan, RunSpanLink } from '../../run-span.ts';

/** Relations of our own that say: this goes on with what that began. */
const joiningRelations: ReadonlySet<string> = new Set([
  'resumes',
  'retries',
  'fan_in',
  'caused_by',
  'replies_to',
  'compensates',
  'projects',
]);

const producer = 4;
const consumer = 5;

/**
 * Links to spans of the same execution. A link that says nothing is one when it ties a message to its sender; a span
 * that takes a batch of several executions belongs to none of them.
 */
export function joiningLinks(span: RunSpan): readonly RunSpanLink[] {
  const { links, otelKind, kind } = span;
  if (links.length === 0) return links;
  const carriesMessages = kind === 'queue' || otelKind === producer || otelKind === consumer;
  const isBatch = new Set(links.map(({ traceId }) => traceId)).size > 1;
  return links.filter(({ rel }) =>
    rel === '' ? carriesMessages && !isBatch : joiningRelations.has(rel),
  );
}
