import { expect, test } from 'vitest';
import { post, startIngest } from './ingest.testing.ts';

test('a span sent as JSON reaches the sink', async () => {
  const ingest = startIngest();
  const span = {
    traceId: 'A'.repeat(32),
    spanId: 'b'.repeat(16),
    name: 'chat gpt-5',
    kind: 3,
    startTimeUnixNano: '1763690000000000001',
    endTimeUnixNano: '1763690001000000002',
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      { key: 'gen_ai.request.model', value: { stringValue: 'gpt-5' } },
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '12' } },
    ],
  };
  const body = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
  const response = await post(ingest, JSON.stringify(body));
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('{}');
  expect(ingest.spans).toMatchObject([
    { traceId: 'a'.repeat(32), kind: 'llm', modelRequested: 'gpt-5', usage: { inputTokens: 12 } },
  ]);
});
