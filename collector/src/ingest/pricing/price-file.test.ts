import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readPriceFile } from './price-file.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'orchescope-prices-'));
  path = join(folder, 'prices.json');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const one = { model: 'prod-*', usdPerMillionTokens: { input: 2.5, output: 10 } };

test('names are read as ingest writes them', async () => {
  await writeFile(
    path,
    JSON.stringify({ prices: [{ ...one, provider: 'azure_openai', from: '2026-01-31' }] }),
  );
  const { prices, version } = readPriceFile(path);
  expect(version).toMatch(/^own prices [0-9a-f]{12}$/);
  expect(prices).toMatchObject([
    {
      provider: 'azure.ai.openai',
      model: 'prod-',
      isPrefix: true,
      fromUnixMs: Date.parse('2026-01-31T00:00:00Z'),
      rates: { input: { base: 2_500_000_000_000n }, cacheRead: null },
    },
  ]);
});

test.each<[name: string, text: string, message: string]>([
  ['no JSON', '{', 'is not JSON'],
  ['a list', '[]', ': the file: '],
  [
    'a negative price',
    JSON.stringify({ prices: [{ ...one, usdPerMillionTokens: { input: -1, output: 1 } }] }),
    ': prices[0].usdPerMillionTokens.input: must not be negative.',
  ],
  [
    'no price of output',
    JSON.stringify({ prices: [{ ...one, usdPerMillionTokens: { input: 1 } }] }),
    ': prices[0].usdPerMillionTokens.output: must be a number of USD for a million tokens.',
  ],
  [
    'a star in the middle',
    JSON.stringify({ prices: [{ ...one, model: 'a*b' }] }),
    ': prices[0].model: must name a model; one * may stand at its end.',
  ],
  [
    'a day that is none',
    JSON.stringify({ prices: [{ ...one, from: '2026-02-30' }] }),
    ': prices[0].from: must be a day such as "2026-01-31".',
  ],
  ['a word nobody knows', JSON.stringify({ prices: [{ ...one, inptu: 1 }] }), 'inptu'],
  [
    'one model twice',
    JSON.stringify({ prices: [one, one] }),
    ': prices[1]: is for the same provider, model, tier and day as prices[0].',
  ],
])('%s is refused with a sentence', async (_, text, message) => {
  await writeFile(path, text);
  expect(() => readPriceFile(path)).toThrow(message);
  expect(() => readPriceFile(path)).toThrow(path);
});

test('a file that is not there is refused with a sentence', () => {
  expect(() => readPriceFile(join(folder, 'none.json'))).toThrow(
    'ORCHESCOPE_PRICES_FILE cannot be read: ENOENT',
  );
});
