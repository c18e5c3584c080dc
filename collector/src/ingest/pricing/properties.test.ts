import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AttributeValue } from '../../span.ts';
import { noCharges, noMedia, readCharges, type Charges } from './charges.ts';
import { toOwnPrice, type OwnPrices, type PriceEntry } from './price-file.ts';
import { createPricer, type Call } from './pricer.ts';

const price = createPricer();

/** Counts of one call, no two of which overlap. */
const bucketNames = [
  'text',
  'cacheRead',
  'cacheWrite',
  'cacheWrite1h',
  'inputAudio',
  'cacheReadAudio',
  'inputImage',
  'cacheReadImage',
  'output',
  'reasoning',
  'outputAudio',
  'outputImage',
  'searches',
] as const;
type Counts = Readonly<Record<(typeof bucketNames)[number], number>>;

const count = fc.oneof(fc.constant(0), fc.nat(300_000));
const counts: fc.Arbitrary<Counts> = fc.record({
  text: count,
  cacheRead: count,
  cacheWrite: count,
  cacheWrite1h: count,
  inputAudio: count,
  cacheReadAudio: count,
  inputImage: count,
  cacheReadImage: count,
  output: count,
  reasoning: count,
  outputAudio: count,
  outputImage: count,
  searches: fc.nat(5),
});

const models = fc.constantFrom(
  ['openai', 'gpt-5.4', ''] as const,
  ['openai', 'gpt-4o-mini', 'priority'] as const,
  ['openai', 'gpt-realtime', ''] as const,
  ['anthropic', 'claude-sonnet-4-5', 'batch'] as const,
  ['gcp.gemini', 'gemini-2.5-flash', 'flex'] as const,
  ['gcp.gemini', 'gemini-3-pro-preview', ''] as const,
  ['x_ai', 'grok-4.3', 'unheard of'] as const,
);

function toCall(
  [provider, model, serviceTier]: readonly [string, string, string],
  counts: Counts,
): Call {
  const cacheRead = counts.cacheRead + counts.cacheReadAudio + counts.cacheReadImage;
  const cacheWrite = counts.cacheWrite + counts.cacheWrite1h;
  const media = {
    inputAudio: counts.inputAudio + counts.cacheReadAudio,
    cacheReadAudio: counts.cacheReadAudio,
    outputAudio: counts.outputAudio,
    inputImage: counts.inputImage + counts.cacheReadImage,
    cacheReadImage: counts.cacheReadImage,
    outputImage: counts.outputImage,
  };
  return {
    kind: 'llm',
    provider,
    modelRequested: '',
    modelAnswered: model,
    usage: {
      inputTokens: counts.text + cacheRead + cacheWrite + counts.inputAudio + counts.inputImage,
      outputTokens: counts.output + counts.reasoning + counts.outputAudio + counts.outputImage,
      cacheReadTokens: cacheRead,
      cacheWriteTokens: cacheWrite,
      reasoningTokens: counts.reasoning,
    },
    charges: {
      ...noCharges,
      serviceTier,
      cacheWrite1h: counts.cacheWrite1h,
      media,
      toolUses: new Map(counts.searches === 0 ? [] : [['web_search', counts.searches]]),
    },
    reportedUsd: null,
    startUnixMs: Date.parse('2026-11-20T10:00:00Z'),
    durationNano: 2_000_000_000n,
  };
}

function trillionths({ costUsd }: { readonly costUsd: string | null }): bigint {
  if (costUsd === null) return -1n;
  const [whole = '', decimals = ''] = costUsd.split('.');
  return BigInt(whole + decimals.padEnd(12, '0'));
}

test('more of anything never costs less, and nothing costs less than nothing', () => {
  fc.assert(
    fc.property(
      models,
      counts,
      fc.constantFrom(...bucketNames),
      fc.integer({ min: 1, max: 300_000 }),
      (model, counts, bucket, more) => {
        const before = trillionths(price(toCall(model, counts)));
        const after = trillionths(
          price(toCall(model, { ...counts, [bucket]: counts[bucket] + more })),
        );
        expect(before).toBeGreaterThanOrEqual(0n);
        expect(after).toBeGreaterThanOrEqual(before);
      },
    ),
    { numRuns: 1_000 },
  );
});

test('each token is paid once: parts cost together what they cost apart', () => {
  const zero = Object.fromEntries(bucketNames.map((name) => [name, 0])) as Counts;
  const few = fc.record(
    Object.fromEntries(bucketNames.map((name) => [name, fc.nat(9_000)])) as Record<
      (typeof bucketNames)[number],
      fc.Arbitrary<number>
    >,
  );
  fc.assert(
    fc.property(models, few, (model, counts) => {
      const apart = bucketNames
        .filter((name) => counts[name] > 0)
        .map((name) => trillionths(price(toCall(model, { ...zero, [name]: counts[name] }))));
      const sum = apart.reduce((total, each) => total + each, 0n);
      const together = trillionths(price(toCall(model, counts)));
      // Each is rounded to the trillionth.
      const isClose = together - sum <= 13n && sum - together <= 13n;
      expect(isClose, `${together} and ${sum}`).toBe(true);
    }),
  );
});

test('in whatever order attributes come, they say the same of charges', () => {
  const attributes: readonly (readonly [string, AttributeValue])[] = [
    ['openai.request.service_tier', 'priority'],
    ['openai.response.service_tier', 'flex'],
    ['gen_ai.usage.audio.input_tokens', 12],
    ['llm.token_count.prompt_details.audio', 13],
    ['gen_ai.usage.details.input_audio_tokens', 14],
    ['orchescope.usage.tools.web_search', 2],
    ['gen_ai.usage.details.web_search_requests', 3],
    ['gen_ai.usage.input_token_details', '{"audio":15,"ephemeral_1h_input_tokens":7}'],
    ['other', 'x'],
  ];
  const expected: Charges = {
    serviceTier: 'flex',
    currency: '',
    cacheWrite1h: 7,
    media: { ...noMedia, inputAudio: 12 },
    toolUses: new Map([['web_search', 2]]),
  };
  const shuffled = fc.shuffledSubarray([...attributes], {
    minLength: attributes.length,
    maxLength: attributes.length,
  });
  fc.assert(
    fc.property(shuffled, (order) => {
      expect(readCharges(order)).toEqual(expected);
    }),
  );
});

const entry: PriceEntry = {
  provider: '',
  model: '*',
  serviceTier: '',
  usdPerMillionTokens: { input: 7, output: 9 },
  inherit: false,
  usdPerRequest: 0,
  usdPerToolUse: { web_search: 0.5 },
  note: '',
};

/** A model of any name. */
function ownPrices(changes: Partial<PriceEntry>): OwnPrices {
  const prices = ['g', 'c'].map((start) =>
    toOwnPrice({ ...entry, model: `${start}*`, ...changes }),
  );
  return { prices, version: 'own prices 1' };
}

test('pricing again by the same list gives the same, whatever list was used in between', () => {
  const other = createPricer(ownPrices({}));
  fc.assert(
    fc.property(models, counts, (model, counts) => {
      const call = toCall(model, counts);
      const first = price(call);
      expect(other(call).priceVersion).toBe('own prices 1');
      expect(price(call)).toEqual(first);
      expect(createPricer()(call)).toEqual(first);
    }),
    { numRuns: 50 },
  );
});

const anyCount = fc.oneof(
  { weight: 1, arbitrary: fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger()) },
  { weight: 20, arbitrary: fc.constantFrom(0, 0, 0, 5, 50, 500) },
);
const any = fc.option(anyCount);

test('whatever is said of usage and charges, it answers; what contradicts itself has no cost', () => {
  const usage = fc.record({
    inputTokens: any,
    outputTokens: any,
    cacheReadTokens: any,
    cacheWriteTokens: any,
    reasoningTokens: any,
  });
  const oddCharges = fc.record({
    serviceTier: fc.constantFrom('', 'batch', 'priority', '__proto__'),
    currency: fc.constantFrom('', 'EUR'),
    cacheWrite1h: anyCount,
    media: fc.record({
      inputAudio: anyCount,
      cacheReadAudio: anyCount,
      outputAudio: anyCount,
      inputImage: anyCount,
      cacheReadImage: anyCount,
      outputImage: anyCount,
    }),
    toolUses: fc
      .dictionary(fc.constantFrom('web_search', 'x'), anyCount)
      .map((uses) => new Map(Object.entries(uses))),
  });
  const charges = fc.oneof(fc.constant(noCharges), oddCharges);
  const base = toCall(['openai', 'gpt-4o', ''], { ...emptyCounts() });
  let priced = 0;
  fc.assert(
    fc.property(usage, charges, (usage, charges) => {
      const { costUsd } = price({ ...base, usage, charges });
      if (costUsd === null) return;
      priced += 1;
      expect(costUsd).toMatch(/^\d+(\.\d{1,12})?$/);
      const input = usage.inputTokens ?? 0;
      expect((usage.cacheReadTokens ?? 0) + (usage.cacheWriteTokens ?? 0)).toBeLessThanOrEqual(
        input,
      );
      expect(usage.reasoningTokens ?? 0).toBeLessThanOrEqual(usage.outputTokens ?? 0);
    }),
    { numRuns: 2_000 },
  );
  expect(priced).toBeGreaterThan(50);
});

function emptyCounts(): Counts {
  return Object.fromEntries(bucketNames.map((name) => [name, 0])) as Counts;
}

test.each<[name: string, usage: Partial<Call['usage']>]>([
  ['more was read from a cache than was sent', { cacheReadTokens: 101 }],
  ['more was read and written than was sent', { cacheReadTokens: 60, cacheWriteTokens: 60 }],
  ['more was reasoned than answered', { reasoningTokens: 51 }],
  ['a count is below zero', { inputTokens: -1 }],
  ['a count is no number', { outputTokens: Number.NaN }],
  ['a count is no whole number', { cacheReadTokens: 0.5 }],
])('there is no cost when %s', (_, usage) => {
  const base = toCall(['openai', 'gpt-4o', ''], { ...emptyCounts(), text: 100, output: 50 });
  expect(price(base).costUsd).toBe('0.00075');
  const cost = price({ ...base, usage: { ...base.usage, ...usage } });
  expect([cost.costUsd, cost.costSource]).toEqual([null, 'none']);
});

test.each<[name: string, charges: Partial<Charges>, usd: string | null, match: string]>([
  ['a tier nobody sells', { serviceTier: 'scale' }, '0.00075', 'prefix'],
  ['a tool that has no price', { toolUses: new Map([['teleport', 1]]) }, null, 'exact'],
  ['a tool that has one', { toolUses: new Map([['file_search', 2]]) }, '0.00575', 'exact'],
  ['more sound than input', { media: { ...noMedia, inputAudio: 101 } }, null, 'exact'],
  [
    'sound without a price of its own',
    { media: { ...noMedia, inputAudio: 60 } },
    '0.00075',
    'prefix',
  ],
])('%s', (_, charges, usd, match) => {
  const base = toCall(['openai', 'gpt-4o', ''], { ...emptyCounts(), text: 100, output: 50 });
  const cost = price({ ...base, charges: { ...noCharges, ...charges } });
  expect([cost.costUsd, cost.priceMatch]).toEqual([usd, match]);
});

test('a reported cost counts in USD alone; in another currency it stays in the attributes', () => {
  const base = toCall(['openai', 'gpt-4o', ''], { ...emptyCounts(), text: 100, output: 50 });
  const said = (currency: string) =>
    readCharges([
      ['gen_ai.usage.cost', 0.5],
      ['gen_ai.usage.cost.currency', currency],
    ]);
  const cost = (currency: string, changes: Partial<Call> = {}) => {
    const { costUsd, costSource } = price({
      ...base,
      reportedUsd: '0.5',
      charges: said(currency),
      ...changes,
    });
    return [costUsd, costSource];
  };
  expect(cost('usd')).toEqual(['0.5', 'reported']);
  expect(cost('EUR')).toEqual(['0.00075', 'computed']);
  expect(cost('credits', { modelAnswered: 'nobody' })).toEqual([null, 'none']);
});

test('a model at home costs its share of the hardware for as long as it answered', () => {
  const hour = { usd: 2.5, concurrency: 4 };
  const home = createPricer(
    ownPrices({ usdPerMillionTokens: null, usdPerHour: hour, usdPerRequest: 0.001 }),
  );
  const base = toCall(['', 'gemma', ''], emptyCounts());
  // A quarter of 2.50 USD for 90 s of 3,600, and 0.001 for the request.
  expect(home({ ...base, durationNano: 90_000_000_000n }).costUsd).toBe('0.016625');
  const untold = { ...base.usage, inputTokens: null, outputTokens: null };
  expect(home({ ...base, usage: untold, durationNano: 90_000_000_000n }).costUsd).toBe('0.016625');
  expect(home({ ...base, durationNano: null }).costUsd).toBe(null);
});

test('a price of one tier is for that tier alone, and wins over the price of any', () => {
  const standard = toOwnPrice({
    ...entry,
    model: 'm',
    usdPerMillionTokens: { input: 10, output: 0 },
  });
  const batch = toOwnPrice({
    ...entry,
    model: 'm',
    serviceTier: 'Batch',
    usdPerMillionTokens: { input: 4, output: 0 },
  });
  const ours = createPricer({ prices: [standard, batch], version: 'own prices 1' });
  const cost = (tier: string) =>
    ours(toCall(['', 'm', tier], { ...emptyCounts(), text: 1_000_000 })).costUsd;
  expect([cost(''), cost('batch'), cost('flex')]).toEqual(['10', '4', '10']);
});
