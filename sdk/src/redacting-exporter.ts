import type { Attributes, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { captureMode, maskAttributes, redactSecrets } from './redact.ts';
import { safely } from './safely.ts';

/**
 * Keeps the capture promise for spans that other libraries made: several record prompts and results by default.
 * Without capture `full` their payload attributes are left out; known secrets are masked always.
 */
export class RedactingExporter implements SpanExporter {
  private readonly inner: SpanExporter;

  constructor(inner: SpanExporter) {
    this.inner = inner;
  }

  export(...[spans, done]: Parameters<SpanExporter['export']>): void {
    this.inner.export(spans.flatMap(redactSpan), done);
  }

  forceFlush(): Promise<void> {
    return this.inner.forceFlush?.() ?? Promise.resolve();
  }

  shutdown(): Promise<void> {
    return this.inner.shutdown();
  }
}

/** Our own spans, those of integrations included, are written by the rules already. A span we cannot clean is not sent. */
const redactSpan = (span: ReadableSpan): ReadableSpan[] => {
  if (span.instrumentationScope.name.startsWith('@orchescope/')) return [span];
  const clean = safely('redacting a span', () => ({
    attributes: withoutPayload(span.attributes),
    events: span.events.map((event) => ({
      ...event,
      attributes: withoutPayload(event.attributes ?? {}),
    })),
    links: span.links.map((link) => ({
      ...link,
      attributes: withoutPayload(link.attributes ?? {}),
    })),
    name: redactSecrets(span.name),
    status: withoutMessage(span.status),
  }));
  return clean ? [overlay(span, clean)] : [];
};

/** The span with some fields replaced; everything else is read from the span itself. */
const overlay = (
  span: ReadableSpan,
  fields: Pick<ReadableSpan, 'attributes' | 'events' | 'links' | 'name' | 'status'>,
): ReadableSpan =>
  Object.create(
    span,
    Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, { value }])),
  ) as ReadableSpan;

const withoutMessage = ({ code, message }: SpanStatus): SpanStatus =>
  message === undefined || captureMode() === 'off'
    ? { code }
    : { code, message: redactSecrets(message) };

const withoutPayload = (attributes: Attributes): Attributes => {
  const clean = maskAttributes(attributes);
  if (captureMode() === 'full') return clean;
  const off = captureMode() === 'off';
  for (const name of Object.keys(clean))
    if (payload.test(name) || (off && story.test(name))) delete clean[name];
  return clean;
};

/** What went wrong, in words: may speak of the user's data. */
const story = /^exception\.(?:message|stacktrace)$/;

/** Where the dialects we know put prompts, answers, arguments, results and documents. */
const payload = new RegExp(
  [
    String.raw`^gen_ai\.(?:input\.messages|output\.messages|system_instructions|tool\.definitions|prompt|completion)(?:$|\.)`,
    String.raw`^gen_ai\.tool\.call\.(?:arguments|result)$`,
    String.raw`^gen_ai\.(?:retrieval\.(?:query\.text|documents)|memory\.(?:query\.text|records))$`,
    String.raw`^ai\.(?:prompt|response\.(?:text|object|toolCalls|reasoning|files)|toolCall\.(?:args|result)|values?|embeddings?|result)(?:$|\.)`,
    String.raw`^(?:input|output)\.value$`,
    String.raw`^llm\.(?:input_messages|output_messages|prompts|completions|prompt_template\.variables)(?:$|\.)`,
    String.raw`^(?:retrieval|reranker)\.(?:input_|output_)?documents(?:$|\.)`,
    String.raw`^reranker\.query$`,
    String.raw`^tool\.parameters$`,
    String.raw`^embedding\.embeddings(?:$|\.)`,
    String.raw`^traceloop\.entity\.(?:input|output)$`,
    String.raw`^langfuse\.(?:observation|trace)\.(?:input|output)$`,
    String.raw`^mastra\..*\.(?:input|output)$`,
  ].join('|'),
);
