import { readFileSync } from 'node:fs';
import { calcPrice } from '@pydantic/genai-prices';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import packageJson from '../../../package.json' with { type: 'json' };
import type { Usage } from '../../span.ts';
import { catalogVersion } from './catalog.ts';
import type { OwnPrices } from './price-file.ts';
import { noCharges } from './charges.ts';
import { createPricer, type Call, type Cost } from './pricer.ts';
import { noTokenRates } from './rates.ts';

const untold: Usage = {
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  reasoningTokens: null,
};
const price = createPricer();

function call(changes: Partial<Call>): Call {
  return {
    kind: 'llm',
    provider: 'openai',
    modelRequested: '',
    modelAnswered: '',
    usage: untold,
    charges: noCharges,
    reportedUsd: null,
    startUnixMs: Date.parse('2026-11-21T10:00:00Z'),
    durationNano: 1_000_000_000n,
    ...changes,
  };
}

type Tokens = readonly [input: number, output: number, more?: Partial<Usage> & { hourly?: number }];

function priceOf(provider: string, model: string, [input, output, more = {}]: Tokens): Cost {
  const { hourly = 0, ...details } = more;
  const charges = { ...noCharges, cacheWrite1h: hourly };
  const usage = { ...untold, inputTokens: input, outputTokens: output, ...details };
  return price(call({ provider, modelAnswered: model, usage, charges }));
}

// Worked out by hand from the prices of a million tokens on the right.
test.each<[name: string, provider: string, model: string, Tokens, usd: string, match: string]>([
  ['OpenAI, 2.5 and 10', 'openai', 'gpt-4o-2024-11-20', [1000, 200], '0.0045', 'exact'],
  [
    'OpenAI, 1,024 of the input cached at 1.25',
    'openai',
    'gpt-4o',
    [2000, 300, { cacheReadTokens: 1024 }],
    '0.00672',
    'exact',
  ],
  [
    'OpenAI, reasoning is part of output: 1.75, 0.175, 14',
    'openai',
    'gpt-5.2-2025-12-11',
    [1500, 900, { cacheReadTokens: 1000, reasoningTokens: 640 }],
    '0.01365',
    'exact',
  ],
  [
    'Anthropic, 3 / 15, read 0.3, written for five minutes 3.75',
    'anthropic',
    'claude-sonnet-4-5-20250929',
    [12_000, 500, { cacheReadTokens: 8000, cacheWriteTokens: 3000 }],
    '0.02415',
    'alias',
  ],
  [
    'Anthropic, 2,000 of 3,000 written for an hour at 6',
    'anthropic',
    'claude-sonnet-4-5',
    [12_000, 500, { cacheReadTokens: 8000, cacheWriteTokens: 3000, hourly: 2000 }],
    '0.02865',
    'exact',
  ],
  [
    'Anthropic beyond 200,000 input, the whole call at 6 / 22.5',
    'anthropic',
    'claude-sonnet-4-5',
    [200_001, 1000],
    '1.222506',
    'exact',
  ],
  ['and not at 200,000', 'anthropic', 'claude-sonnet-4-5', [200_000, 1000], '0.615', 'exact'],
  [
    'Gemini, 0.3 / 2.5, cached 0.03, thoughts in output',
    'gcp.gemini',
    'gemini-2.5-flash',
    [10_000, 1200, { cacheReadTokens: 4000, reasoningTokens: 1000 }],
    '0.00492',
    'exact',
  ],
  ['Gemini by its path', 'gcp.gemini', 'models/gemini-2.5-flash', [1000, 0], '0.0003', 'alias'],
  [
    'Claude on Vertex AI',
    'gcp.vertex_ai',
    'claude-sonnet-4-5@20250929',
    [1000, 100],
    '0.0045',
    'alias',
  ],
  [
    'Bedrock in a region, 3.3 / 16.5',
    'aws.bedrock',
    'us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    [1000, 100],
    '0.00495',
    'prefix',
  ],
  ['Azure by the model', 'azure.ai.openai', 'gpt-4o-2024-11-20', [1000, 200], '0.0045', 'exact'],
  ['a dated version nobody listed', 'openai', 'gpt-4o-2027-01-01', [1000, 0], '0.0025', 'alias'],
  [
    'Mistral, by OpenTelemetry name',
    'mistral_ai',
    'mistral-medium-2508',
    [1000, 0],
    '0.0004',
    'exact',
  ],
  ['xAI, 3 / 15', 'x_ai', 'grok-4', [1000, 100], '0.0045', 'exact'],
  ['Groq, 0.59 / 0.79', 'groq', 'llama-3.3-70b-versatile', [1000, 100], '0.000669', 'exact'],
  ['a provider nobody told', '', 'gpt-4o', [1000, 200], '0.0045', 'prefix'],
  ['one token of a cheap model', 'openai', 'gpt-4o-mini', [1, 0], '0.00000015', 'exact'],
  ['nothing at all', 'openai', 'gpt-4o', [0, 0], '0', 'exact'],
])('%s', (_, provider, model, tokens, usd, match) => {
  expect(priceOf(provider, model, tokens)).toEqual({
    costUsd: usd,
    costSource: 'computed',
    computedCostUsd: usd,
    priceVersion: catalogVersion,
    priceMatch: match,
  });
});

test('an embedding has no output', () => {
  const usage = { ...untold, inputTokens: 1000 };
  const modelRequested = 'text-embedding-3-small';
  expect(price(call({ kind: 'embedding', modelRequested, usage })).costUsd).toBe('0.00002');
});

test('what answered is priced before what was requested, and a deployment by what answered', () => {
  const usage = { ...untold, inputTokens: 1000, outputTokens: 0 };
  const models = { modelRequested: 'gpt-4o', modelAnswered: 'gpt-4o-mini-2024-07-18' };
  expect(price(call({ ...models, usage })).costUsd).toBe('0.00015');
  const deployment = { modelRequested: 'gpt-4o', modelAnswered: 'our-deployment' };
  expect(price(call({ ...deployment, usage })).costUsd).toBe('0.0025');
});

describe('no price is known, which is not zero', () => {
  const some = { ...untold, inputTokens: 10, outputTokens: 10 };
  test.each<[name: string, changes: Partial<Call>, match: string]>([
    ['for a model nobody listed', { modelAnswered: 'mock-model', usage: some }, 'none'],
    [
      'for a model at home',
      { provider: 'ollama', modelAnswered: 'llama3.3:70b', usage: some },
      'none',
    ],
    [
      'for a deployment',
      { provider: 'azure.ai.openai', modelAnswered: 'prod', usage: some },
      'none',
    ],
    ['without a model', { usage: some }, 'none'],
    ['for an endless name', { modelAnswered: 'gpt-4o'.repeat(100), usage: some }, 'none'],
    ['for a name like a method', { modelAnswered: '__proto__', usage: some }, 'none'],
    ['without tokens', { modelAnswered: 'gpt-4o' }, 'exact'],
    [
      'when the output was not told',
      { modelAnswered: 'gpt-4o', usage: { ...untold, inputTokens: 10 } },
      'exact',
    ],
    [
      'when more was cached than sent',
      { modelAnswered: 'gpt-4o', usage: { ...some, cacheReadTokens: 11 } },
      'exact',
    ],
    [
      'when more was reasoned than answered',
      { modelAnswered: 'gpt-4o', usage: { ...some, reasoningTokens: 11 } },
      'exact',
    ],
    [
      'beyond what a call can cost',
      { modelAnswered: 'gpt-4o', usage: { ...some, inputTokens: Number.MAX_SAFE_INTEGER } },
      'exact',
    ],
  ])('%s', (_, changes, priceMatch) => {
    expect(price(call(changes))).toEqual({
      costUsd: null,
      costSource: 'none',
      computedCostUsd: null,
      priceVersion: '',
      priceMatch,
    });
  });

  test('for a span that calls no model', () => {
    expect(price(call({ kind: 'agent', modelAnswered: 'gpt-4o', usage: some })).costUsd).toBe(null);
  });
});

test('what the sender reported is shown, and the computed one kept beside it', () => {
  const usage = { ...untold, inputTokens: 1000, outputTokens: 0 };
  const changes = { modelAnswered: 'gpt-4o', usage, reportedUsd: '0.001' };
  expect(price(call(changes))).toMatchObject({
    costUsd: '0.001',
    costSource: 'reported',
    computedCostUsd: '0.0025',
  });
  expect(price(call({ ...changes, reportedUsd: '1000000' })).costSource).toBe('computed');
});

test.each<[at: string, model: string, perMillion: string]>([
  ['2026-07-29T23:59:59Z', 'gpt-5.6-luna', '1'],
  ['2026-07-30T00:00:00Z', 'gpt-5.6-luna', '0.2'],
  ['2026-07-01T02:00:00Z', 'deepseek-v4-pro', '0.435'],
  ['2026-09-01T02:00:00Z', 'deepseek-v4-pro', '1.32'],
  ['2026-09-01T05:00:00Z', 'deepseek-v4-pro', '0.66'],
  ['2026-09-01T12:00:00Z', 'deepseek-chat', '0.27'],
  ['2026-09-01T20:00:00Z', 'deepseek-chat', '0.135'],
])('at %s a million tokens of %s cost %s', (at, model, perMillion) => {
  const provider = model.startsWith('gpt') ? 'openai' : 'deepseek';
  const usage = { ...untold, inputTokens: 200_000, outputTokens: 0 };
  const { costUsd } = price(
    call({ provider, modelAnswered: model, usage, startUnixMs: Date.parse(at) }),
  );
  expect(Number(costUsd)).toBeCloseTo(Number(perMillion) / 5, 12);
});

test('prices of the operator win: the model itself, then the longest prefix', () => {
  const rate = (usd: bigint) => ({ base: usd * 10n ** 12n, tiers: [] });
  const rates = (usd: bigint) => ({
    ...noTokenRates,
    input: rate(usd),
    output: rate(usd),
    request: 0n,
    tools: new Map(),
    hour: null,
  });
  const one = (model: string, usd: bigint, changes = {}) => ({
    provider: '',
    model,
    isPrefix: false,
    serviceTier: '',
    fromUnixMs: -Infinity,
    inherits: null,
    rates: rates(usd),
    ...changes,
  });
  const own: OwnPrices = {
    version: 'own prices 1',
    prices: [
      one('llama', 1n, { isPrefix: true }),
      one('llama3', 2n, { isPrefix: true }),
      one('llama3.3:70b', 3n),
      one('llama3.3:70b', 4n, { fromUnixMs: Date.parse('2026-11-01') }),
      one('gpt-4o', 5n, { provider: 'openai' }),
    ],
  };
  const ours = createPricer(own);
  const cost = (modelAnswered: string, changes: Partial<Call> = {}) =>
    ours(
      call({ modelAnswered, usage: { ...untold, inputTokens: 1e6, outputTokens: 0 }, ...changes }),
    );
  expect(cost('llama2').costUsd).toBe('1');
  expect(cost('llama3:8b')).toMatchObject({ costUsd: '2', priceMatch: 'prefix' });
  expect(cost('LLAMA3.3:70b')).toMatchObject({
    costUsd: '4',
    priceMatch: 'exact',
    priceVersion: 'own prices 1',
  });
  expect(cost('llama3.3:70b', { startUnixMs: Date.parse('2026-10-31') }).costUsd).toBe('3');
  expect(cost('gpt-4o').costUsd).toBe('5');
  expect(cost('gpt-4o', { provider: 'azure.ai.openai' }).costUsd).toBe('2.5');
});

const count = fc.nat({ max: 150_000 });
const models = fc.constantFrom(
  ['openai', 'gpt-4o'] as const,
  ['anthropic', 'claude-sonnet-4-5'] as const,
  ['anthropic', 'claude-opus-4-5'] as const,
  ['google', 'gemini-2.5-pro'] as const,
  ['mistral', 'mistral-medium-2508'] as const,
);

test('agrees with the package wherever that has an answer', () => {
  fc.assert(
    fc.property(models, count, count, count, ([provider, model], fresh, cached, output) => {
      const input = fresh + cached;
      const theirs = calcPrice(
        { input_tokens: input, output_tokens: output, cache_read_tokens: cached },
        model,
        { providerId: provider, timestamp: new Date('2026-11-21T10:00:00Z') },
      );
      const ours = priceOf(provider, model, [input, output, { cacheReadTokens: cached }]);
      expect(Math.abs(Number(ours.costUsd) - (theirs?.total_price ?? -1))).toBeLessThan(1e-9);
    }),
  );
});

test('below the first tier, calls cost together what their tokens cost in one', () => {
  const trillionths = (cost: Cost) => BigInt(Math.round(Number(cost.costUsd) * 1e12));
  const few = fc.nat({ max: 40_000 });
  fc.assert(
    fc.property(models, few, few, few, few, ([provider, model], a, b, c, d) => {
      const whole = priceOf(provider, model, [a + b, c + d]);
      const parts = [priceOf(provider, model, [a, c]), priceOf(provider, model, [b, d])];
      expect(parts.reduce((sum, part) => sum + trillionths(part), 0n)).toBe(trillionths(whole));
    }),
  );
});

test('whatever is counted, it answers, and never below zero', () => {
  const any = fc.option(fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger()));
  const usage = fc.record({
    inputTokens: any,
    outputTokens: any,
    cacheReadTokens: any,
    cacheWriteTokens: any,
    reasoningTokens: any,
  });
  const names = fc.oneof(fc.string(), fc.constantFrom('gpt-4o', 'claude-sonnet-4-5', 'toString'));
  fc.assert(
    fc.property(usage, names, names, fc.double(), (usage, provider, model, cacheWrite1h) => {
      const cost = price(
        call({ usage, provider, modelAnswered: model, charges: { ...noCharges, cacheWrite1h } }),
      );
      expect(cost.costUsd ?? '0').toMatch(/^\d+(\.\d{1,12})?$/);
    }),
  );
});

test('the version on the rows is that of the installed list', () => {
  const { version } = JSON.parse(
    readFileSync(new URL('../package.json', import.meta.resolve('@pydantic/genai-prices')), 'utf8'),
  ) as { version: string };
  expect(packageJson.dependencies['@pydantic/genai-prices']).toBe(version);
  expect(catalogVersion).toMatch(new RegExp(`^genai-prices ${version} of \\d{4}-\\d\\d-\\d\\d$`));
});
