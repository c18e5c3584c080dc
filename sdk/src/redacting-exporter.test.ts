import {
  InMemorySpanExporter,
  SimpleSpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import { afterEach, expect, test } from 'vitest';
import { RedactingExporter } from './redacting-exporter.ts';
import { settings } from './settings.ts';

afterEach(() => {
  for (const name of Object.keys(settings())) delete settings()[name as 'capture'];
});

/** What an exporter behind ours gets of a span another library made. */
const exported = (attributes: Record<string, string | string[] | number>) => {
  const inner = new InMemorySpanExporter();
  const processor = new SimpleSpanProcessor({ exporter: new RedactingExporter(inner) });
  const provider = new TracerProvider({ spanProcessors: [processor] });
  const span = provider.getTracer('another library').startSpan('theirs', { attributes });
  span.addEvent('gen_ai.user.message', attributes);
  span.end();
  const [sent] = inner.getFinishedSpans();
  if (!sent) throw new Error('nothing was exported');
  return sent;
};

test.each([
  'gen_ai.input.messages',
  'gen_ai.output.messages',
  'gen_ai.system_instructions',
  'gen_ai.tool.call.arguments',
  'gen_ai.tool.call.result',
  'gen_ai.prompt.0.content',
  'gen_ai.retrieval.documents',
  'ai.prompt.messages',
  'ai.response.text',
  'ai.toolCall.args',
  'input.value',
  'llm.input_messages.0.message.content',
  'retrieval.documents.0.document.content',
  'traceloop.entity.input',
  'langfuse.observation.output',
  'mastra.agent_run.input',
])('%s leaves with capture full alone', (name) => {
  for (const capture of ['off', 'metadata', 'full'] as const) {
    settings().capture = capture;
    const { attributes, events } = exported({ [name]: 'words of a user' });
    const expected = capture === 'full' ? { [name]: 'words of a user' } : {};
    expect([attributes, events[0]?.attributes]).toEqual([expected, expected]);
  }
});

test.each(['gen_ai.request.model', 'gen_ai.usage.input_tokens', 'ai.operationId', 'http.route'])(
  '%s leaves always',
  (name) => {
    settings().capture = 'off';
    expect(exported({ [name]: 'x' }).attributes).toEqual({ [name]: 'x' });
  },
);

test('a long text of another library stays whole, without its secrets', () => {
  settings().capture = 'full';
  const long = 'word '.repeat(20_000);
  const { attributes } = exported({ 'input.value': `${long}sk-${'a'.repeat(20)}` });
  expect(attributes['input.value']).toBe(`${long}[redacted]`);
});

test('everything else of the span is as it was', () => {
  const sent = exported({ 'input.value': 'x', list: ['a', 'b'], n: 7 });
  expect([sent.name, sent.instrumentationScope.name, sent.ended, sent.attributes]).toEqual([
    'theirs',
    'another library',
    true,
    { list: ['a', 'b'], n: 7 },
  ]);
  expect(sent.spanContext().spanId).toMatch(/^[\da-f]{16}$/);
});
