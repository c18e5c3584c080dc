/** Runs that call models, sent over HTTP as a sender does, and what the server then says of them. */
import { expect, vi } from 'vitest';
import type { TestServer } from '../app.testing.ts';
import { priceTable, type PriceOverride, type PriceTable } from '../contract.ts';

export type SentCall = {
  readonly model: string;
  readonly provider?: string;
  readonly input?: number;
  readonly output?: number;
  /** USD, as the sender says. */
  readonly reported?: number;
  readonly daysAgo?: number;
  readonly attributes?: Readonly<Record<string, string | number>>;
};

type Send = Pick<TestServer, 'ask'>;

const newId = (chars: number): string => crypto.randomUUID().replaceAll('-', '').slice(0, chars);

function toAttribute([key, value]: readonly [string, string | number]) {
  return {
    key,
    value: typeof value === 'string' ? { stringValue: value } : { doubleValue: value },
  };
}

function toSpan(call: SentCall) {
  const { model, provider = 'openai', input = 1_000_000, output = 0, daysAgo = 0 } = call;
  const endMs = Date.now() - 1_000 - daysAgo * 86_400_000;
  const attributes = {
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': provider,
    'gen_ai.request.model': model,
    'gen_ai.usage.input_tokens': input,
    'gen_ai.usage.output_tokens': output,
    ...(call.reported === undefined ? {} : { 'gen_ai.usage.cost': call.reported }),
    ...call.attributes,
  };
  return {
    traceId: newId(32),
    spanId: newId(16),
    name: `chat ${model}`,
    kind: 3,
    startTimeUnixNano: `${endMs - 50}000000`,
    endTimeUnixNano: `${endMs}000000`,
    attributes: Object.entries(attributes).map(toAttribute),
  };
}

export type SentSpan = { readonly traceId: string; readonly spanId: string };

/** A run a call. Resolves when the spans can be queried. */
export async function sendCalls(
  server: Send,
  project: string,
  calls: readonly SentCall[],
): Promise<readonly SentSpan[]> {
  const spans = calls.map(toSpan);
  const body = { resourceSpans: [{ scopeSpans: [{ spans }] }] };
  const answer = await server.ask('/v1/traces', {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'orchescope-project': project },
    body: JSON.stringify(body),
  });
  expect([answer.status, answer.text]).toEqual([200, '{}']);
  return spans;
}

export async function readPrices(server: Send, project: string): Promise<PriceTable> {
  const answer = await server.ask(`/api/prices?project=${project}`);
  expect(answer.status).toBe(200);
  return priceTable.parse(JSON.parse(answer.text));
}

/** Once runs were made of so many calls. */
export async function readPricesOf(
  server: Send,
  project: string,
  calls: number,
): Promise<PriceTable> {
  return vi.waitFor(
    async () => {
      const table = await readPrices(server, project);
      expect(table.models.reduce((sum, model) => sum + model.calls, 0)).toBe(calls);
      return table;
    },
    // Each look is work for the store that makes the runs.
    { timeout: 60_000, interval: 250 },
  );
}

export const tokenPrice = (model: string, input: number, output = input) =>
  ({ model, usdPerMillionTokens: { input, output } }) as const;

export type GivenPrice = Pick<PriceOverride, 'model'> & Readonly<Record<string, unknown>>;

export function putPrices(
  server: Send,
  project: string,
  overrides: readonly GivenPrice[],
  confirmFree = false,
) {
  return server.ask('/api/prices', {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ project, overrides, confirmFree }),
  });
}
