/** Prices that name a part, and take the rest from the bundled list: what calls cost by them. */
import { expect, test } from 'vitest';
import { catalogVersion } from './catalog.ts';
import { noCharges } from './charges.ts';
import { toOwnPrice, type PriceEntry } from './price-file.ts';
import { createPricer, type Call } from './pricer.ts';

const entry: PriceEntry = {
  provider: '',
  model: 'gpt-5',
  inherit: true,
  serviceTier: '',
  usdPerToolUse: {},
  note: '',
};
const call: Call = {
  kind: 'llm',
  provider: 'openai',
  modelRequested: 'gpt-5',
  modelAnswered: 'gpt-5',
  // Two million of it new.
  usage: {
    inputTokens: 3_000_000,
    outputTokens: 1_000_000,
    cacheReadTokens: 1_000_000,
    cacheWriteTokens: null,
    reasoningTokens: null,
  },
  charges: noCharges,
  reportedUsd: null,
  startUnixMs: Date.parse('2026-11-01'),
  durationNano: 1n,
};

function costOf(entries: readonly Partial<PriceEntry>[], changes: Partial<Call> = {}) {
  const prices = entries.map((one) => toOwnPrice({ ...entry, ...one }));
  return createPricer({ prices, version: 'own prices' })({ ...call, ...changes });
}

// The list has gpt-5 at 1.25 of input, 0.125 from a cache and 10 of output.
test.each<[what: string, entries: Partial<PriceEntry>[], usd: string]>([
  ['input', [{ usdPerMillionTokens: { input: 1 } }], '12.125'],
  ['output', [{ usdPerMillionTokens: { output: 4 } }], '6.625'],
  ['what a cache gives', [{ usdPerMillionTokens: { cacheRead: 0 } }], '12.5'],
  ['a request', [{ usdPerRequest: 0.5 }], '13.125'],
  ['a whole price', [{ inherit: false, usdPerMillionTokens: { input: 1, output: 1 } }], '4'],
  [
    'input, and from a later day a whole price',
    [
      { usdPerMillionTokens: { input: 1 } },
      { inherit: false, from: '2026-11-02', usdPerMillionTokens: { input: 1, output: 1 } },
    ],
    '12.125',
  ],
])('who names %s', (_, entries, usd) => {
  expect(costOf(entries).costUsd).toBe(usd);
});

test('the price says whose it is, and is a guess where the list guesses', () => {
  const input = [{ usdPerMillionTokens: { input: 1 } }];
  expect(costOf(input)).toMatchObject({
    priceVersion: `own prices on ${catalogVersion}`,
    priceMatch: 'exact',
  });
  expect(costOf(input, { provider: '' }).priceMatch).toBe('prefix');
});

test('what the list does not know either has no price', () => {
  const entries = [{ model: 'home-made', usdPerMillionTokens: { input: 1 } }];
  const home = { modelRequested: 'home-made', modelAnswered: 'home-made' };
  expect(costOf(entries, home).costUsd).toBeNull();
  expect(costOf(entries, { ...home, usage: { ...call.usage, outputTokens: 0 } }).costUsd).toBe('3');
});

test('tools that are not named cost what the list says', () => {
  const charges = { ...noCharges, toolUses: new Map([['web_search', 100]]) };
  const listed = createPricer()({ ...call, charges }).costUsd;
  const named = costOf([{ usdPerMillionTokens: { input: 1.25 } }], { charges }).costUsd;
  expect(named).toBe(listed);
  expect(named).not.toBe('12.625');
  expect(costOf([{ usdPerToolUse: { web_search: 1 } }], { charges }).costUsd).toBe('112.625');
});

test('a tier has what the list says of the tier', () => {
  const charges = { ...noCharges, serviceTier: 'batch' };
  // Half of 10 for output, and of 0.125 from a cache.
  expect(costOf([{ usdPerMillionTokens: { input: 1 } }], { charges }).costUsd).toBe('7.0625');
});
