/**
 * What providers ask for a tier of service, as a factor on the standard price of tokens. The bundled list has standard
 * prices alone. Beside each stands the provider's page, and the day on which a copy of it was read; null = known from
 * others who write about it, and not read there.
 */
import type { Rate, Rates } from './rates.ts';

/** Written as a fraction: 5/3 has no decimals. */
type Factor = readonly [numerator: bigint, denominator: bigint];

type TierRow = {
  /** As the price list calls it. */
  readonly provider: string;
  readonly tier: string;
  /** Ids of the price list; null = all models. */
  readonly models: readonly string[] | null;
  readonly factor: Factor;
  /** Of tokens read from a cache, where it is another one. */
  readonly cacheRead?: Factor;
  readonly source: string;
  readonly read: string | null;
};

const half: Factor = [1n, 2n];
const same: Factor = [1n, 1n];

const openAi = { provider: 'openai' } as const;
const openAiPrices = 'https://developers.openai.com/api/docs/pricing';

/** OpenAI sets its price of priority for each model. */
const openAiPriority = (factor: Factor, ...models: readonly string[]): TierRow => ({
  ...openAi,
  tier: 'priority',
  models,
  factor,
  source: 'https://openai.com/api-priority-processing/',
  read: '2026-11-21',
});

const google = {
  provider: 'google',
  models: null,
  source: 'https://ai.google.dev/gemini-api/docs/pricing',
  read: '2026-11-21',
} as const;

const tierRows: readonly TierRow[] = [
  { ...openAi, tier: 'batch', models: null, factor: half, source: openAiPrices, read: null },
  { ...openAi, tier: 'flex', models: null, factor: half, source: openAiPrices, read: null },
  openAiPriority([5n, 2n], 'gpt-5.5'),
  openAiPriority(
    [2n, 1n],
    'gpt-5',
    'gpt-5.1',
    'gpt-5.2',
    'gpt-5.4',
    'gpt-5.4-mini',
    'gpt-4.1-nano',
  ),
  openAiPriority([9n, 5n], 'gpt-5-mini'),
  openAiPriority([7n, 4n], 'gpt-4.1', 'gpt-4.1-mini', 'o3', 'gpt-4o-2024-05-13'),
  openAiPriority([17n, 10n], 'gpt-4o'),
  openAiPriority([5n, 3n], 'gpt-4o-mini'),
  openAiPriority([20n, 11n], 'o4-mini'),
  {
    provider: 'azure',
    tier: 'batch',
    models: null,
    factor: half,
    source: 'https://azure.microsoft.com/pricing/details/cognitive-services/openai-service/',
    read: null,
  },
  {
    provider: 'anthropic',
    tier: 'batch',
    models: null,
    factor: half,
    source: 'https://platform.claude.com/docs/en/about-claude/pricing',
    read: null,
  },
  {
    provider: 'anthropic',
    tier: 'fast',
    models: ['claude-opus-4-6'],
    factor: [6n, 1n],
    source: 'https://platform.claude.com/docs/en/about-claude/pricing',
    read: null,
  },
  // What is read from a cache costs the same in batches and flex.
  { ...google, tier: 'batch', factor: half, cacheRead: same },
  { ...google, tier: 'flex', factor: half, cacheRead: same },
  { ...google, tier: 'priority', factor: [9n, 5n] },
  // It has flex and priority too, and does not publish their factors.
  {
    provider: 'aws',
    tier: 'batch',
    models: null,
    factor: half,
    source:
      'https://docs.aws.amazon.com/bedrock/latest/userguide/capacity-limits-cost-optimization.html',
    read: '2026-11-21',
  },
  {
    provider: 'mistral',
    tier: 'batch',
    models: null,
    factor: half,
    source: 'https://mistral.ai/pricing',
    read: null,
  },
  {
    provider: 'groq',
    tier: 'batch',
    models: null,
    factor: half,
    source: 'https://groq.com/pricing',
    read: null,
  },
  {
    provider: 'groq',
    tier: 'flex',
    models: null,
    factor: same,
    source: 'https://console.groq.com/docs/flex-processing',
    read: '2026-11-21',
  },
];

/** Null = nobody says what this tier costs. @param provider and model as the price list calls them */
export function findTier(provider: string, model: string, tier: string): TierRow | null {
  const fits = (row: TierRow): boolean =>
    row.provider === provider &&
    row.tier === tier &&
    (row.models === null || row.models.includes(model));
  return tierRows.find(fits) ?? null;
}

/** Requests and tools cost the same in all tiers. */
export function atTier(rates: Rates, { factor, cacheRead = factor }: TierRow): Rates {
  return {
    ...rates,
    input: times(rates.input, factor),
    output: times(rates.output, factor),
    cacheRead: times(rates.cacheRead, cacheRead),
    cacheWrite: times(rates.cacheWrite, factor),
    cacheWrite1h: times(rates.cacheWrite1h, factor),
    reasoning: times(rates.reasoning, factor),
    inputAudio: times(rates.inputAudio, factor),
    cacheReadAudio: times(rates.cacheReadAudio, cacheRead),
    outputAudio: times(rates.outputAudio, factor),
    inputImage: times(rates.inputImage, factor),
    cacheReadImage: times(rates.cacheReadImage, cacheRead),
    outputImage: times(rates.outputImage, factor),
  };
}

function times(rate: Rate | null, [numerator, denominator]: Factor): Rate | null {
  if (rate === null) return null;
  const price = (each: bigint): bigint => (each * numerator + denominator / 2n) / denominator;
  const tiers = rate.tiers.map(({ above, rate: each }) => ({ above, rate: price(each) }));
  return { base: price(rate.base), tiers };
}
