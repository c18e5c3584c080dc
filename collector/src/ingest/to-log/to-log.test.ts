import { expect, test } from 'vitest';
import { attribute } from '../ingest.testing.ts';
import { toValue, type Plain } from '../read-span.testing.ts';
import { logRequest, send, time } from '../signals.testing.ts';

async function readCall(more: Readonly<Record<string, Plain>>) {
  const attributes = Object.entries({
    'event.name': 'gemini_cli.api_response',
    model: 'gemini-2.5-flash',
    input_token_count: 1_000,
    output_token_count: 200,
    thoughts_token_count: 300,
    ...more,
  }).map(([key, value]) => attribute(key, toValue(value)));
  const { rows } = await send(
    'logs',
    logRequest([{ timeUnixNano: time, attributes }]),
    'application/json',
  );
  return rows[0];
}

test.each<[name: string, more: Readonly<Record<string, Plain>>]>([
  ['the event alone', {}],
  ['a total beside it', { 'gen_ai.usage.total_tokens': 1_500 }],
  ['the provider beside it', { 'gen_ai.provider.name': 'gcp.gemini' }],
])('thoughts beside the output are counted once: %s', async (_, more) => {
  expect(await readCall(more)).toMatchObject({ output_tokens: 500n, reasoning_tokens: 300n });
});

test('a batch costs half in logs too', async () => {
  // 1,000 at 0.30 and 500 at 2.50 a million, halved.
  const tier = { 'orchescope.usage.service_tier': 'batch' };
  expect(await readCall(tier)).toMatchObject({ computed_cost_usd: 775_000_000n });
});
