import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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

test('the file that the documentation shows is read', async () => {
  const page = await readFile(new URL('../../../../docs/prices.md', import.meta.url), 'utf8');
  await writeFile(path, /```json\n(.*?)```/s.exec(page)?.[1] ?? '');
  expect(readPriceFile(path).prices.map(({ model }) => model)).toEqual([
    'prod-chat',
    'gpt-4o',
    'llama',
  ]);
});

test('tiers, sound, hours, requests and tools have prices too', async () => {
  const audio = { ...one.usdPerMillionTokens, inputAudio: 40 };
  const prices = [
    { model: 'a', serviceTier: ' Flex ', usdPerMillionTokens: audio, note: 'by contract' },
    { model: 'b', usdPerHour: { usd: 3.6 }, usdPerRequest: 0.01, usdPerToolUse: { Web_Search: 2 } },
  ];
  await writeFile(path, JSON.stringify({ prices }));
  expect(readPriceFile(path).prices).toMatchObject([
    { serviceTier: 'flex', rates: { inputAudio: { base: 40_000_000_000_000n }, hour: null } },
    {
      rates: {
        input: null,
        hour: { rate: 3_600_000_000_000n, concurrency: 1_000_000n },
        request: 10_000_000_000n,
        tools: new Map([['web_search', { rate: 2_000_000_000_000n, per: 'use' }]]),
      },
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
    ': prices[0]: must name input and output, or inherit: true for what the list says of them.',
  ],
  [
    'nothing that differs from the list',
    JSON.stringify({ prices: [{ model: 'a', inherit: true }] }),
    ': prices[0]: must name a price that differs from the list.',
  ],
  [
    'an hour that leaves the rest to the list',
    JSON.stringify({ prices: [{ model: 'a', inherit: true, usdPerHour: { usd: 1 } }] }),
    ': prices[0]: must not inherit: an hour takes the place of tokens.',
  ],
  [
    'a star in the middle',
    JSON.stringify({ prices: [{ ...one, model: 'a*b' }] }),
    ': prices[0].model: must name a model; one * may stand at its end.',
  ],
  [
    'a price of nothing',
    JSON.stringify({ prices: [{ model: 'a' }] }),
    ': prices[0]: must have usdPerMillionTokens, or usdPerHour for hardware of your own.',
  ],
  [
    'a price of tokens and of time',
    JSON.stringify({ prices: [{ ...one, usdPerHour: { usd: 1 } }] }),
    ': prices[0]: must not have both usdPerMillionTokens and usdPerHour.',
  ],
  [
    'hardware that nobody may use',
    JSON.stringify({ prices: [{ model: 'a', usdPerHour: { usd: 1, concurrency: 0 } }] }),
    ': prices[0].usdPerHour.concurrency: must be at least 0.001.',
  ],
  [
    'a negative price of a tool',
    JSON.stringify({ prices: [{ ...one, usdPerToolUse: { web_search: -1 } }] }),
    ': prices[0].usdPerToolUse.web_search: must not be negative.',
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
