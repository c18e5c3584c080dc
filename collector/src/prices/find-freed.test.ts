/** Every way in which calls may come to cost nothing: each is asked about once. */
import { expect, test } from 'vitest';
import { priceOverride, type PriceOverride } from '../contract.ts';
import { createPricer } from '../ingest/pricing/pricer.ts';
import { toOwnPrice } from '../ingest/pricing/price-file.ts';
import { findFreed } from './find-freed.ts';
import { createProjectPricer } from './project-pricer.ts';
import { toOwnPrices } from './to-own-prices.ts';

const made = (override: object): PriceOverride => priceOverride.parse(override);
const price = (model: string, input: number | null, output: number | null, rest: object = {}) =>
  made({ model, usdPerMillionTokens: { input, output }, ...rest });
const inherit = { inherit: true };

/** The operator has made one model free already. */
const base = createPricer({ prices: [toOwnPrice(price('house-7b', 0, 0))], version: 'own prices' });
const used = [
  { provider: 'openai', model: 'gpt-5' },
  { provider: 'openai', model: 'text-embedding-3-small' },
  { provider: 'meta', model: 'house-7b' },
  { provider: 'meta', model: 'unlisted' },
];

const freedBy = (after: readonly PriceOverride[], before: readonly PriceOverride[] = []) =>
  findFreed(
    { before, after },
    (overrides) => createProjectPricer(toOwnPrices(overrides), base),
    used,
  );

test.each<[what: string, after: PriceOverride[], freed: string[]]>([
  ['a whole price of nothing', [price('gpt-5', 0, 0)], ['gpt-5']],
  ['of a model without a price', [price('unlisted', 0, 0)], ['unlisted']],
  ['from a day that is to come', [price('gpt-5', 0, 0, { from: '2031-01-01' })], ['gpt-5']],
  ['of one tier alone', [price('gpt-5', 0, 0, { serviceTier: 'batch' })], ['gpt-5']],
  ['so little that it comes to nothing', [price('gpt-5', 1e-13, 1e-13)], ['gpt-5']],
  ['of hardware that costs nothing', [made({ model: 'gpt-5', usdPerHour: { usd: 0 } })], ['gpt-5']],
  ['input and output, the rest inherited', [price('gpt-5', 0, 0, inherit)], ['gpt-5']],
  [
    'input alone where the list has no price of output',
    [price('text-embedding*', 0, null, inherit)],
    ['text-embedding-3-small'],
  ],
  [
    'every model',
    [price('*', 0, 0)],
    ['every model', 'gpt-5', 'text-embedding-3-small', 'unlisted'],
  ],
  [
    'every model, the rest inherited',
    [price('*', 0, 0, inherit)],
    ['every model', 'gpt-5', 'text-embedding-3-small', 'unlisted'],
  ],
])('is asked about: %s', (_, after, freed) => {
  expect(freedBy(after)).toEqual(freed);
});

test('what is free once another price goes is asked about', () => {
  expect(freedBy([], [price('house-7b', 1, 1)])).toEqual(['house-7b']);
  const [family, own] = [price('un*', 0, 0), price('unlisted', 1, 1)];
  expect(freedBy([family], [family, own])).toEqual(['unlisted']);
});

test.each<[what: string, after: PriceOverride[], before: PriceOverride[]]>([
  ['input alone, where output costs', [price('gpt-5', 0, null, inherit)], []],
  ['a request costs', [price('gpt-5', 0, 0, { usdPerRequest: 0.5 })], []],
  ['nobody uses it', [price('llama', 0, 0)], []],
  ['it was free before', [price('house-7b', 0, 0)], []],
  ['it was confirmed', [price('gpt-5', 0, 0)], [price('gpt-5', 0, 0)]],
  ['every model was confirmed', [price('*', 0, 0)], [price('*', 0, 0)]],
  ['every model costs a little', [price('*', 0.01, 0.01)], []],
])('is not asked about where %s', (_, after, before) => {
  expect(freedBy(after, before)).toEqual([]);
});
