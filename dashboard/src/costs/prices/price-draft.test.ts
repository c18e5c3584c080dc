import type { PriceOverride } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { toOverride, toPriceDraft, withOverride, type PriceDraft } from './price-draft.ts';
import { inheritedInWords, isFree, overrideInWords, toPriceSentence } from './price-words.ts';

function draft(options: Partial<PriceDraft>, prices: Record<string, string> = {}): PriceDraft {
  const empty = toPriceDraft({ model: 'house-7b' });
  return { ...empty, ...options, prices: { ...empty.prices, input: '1', output: '2', ...prices } };
}

function made(written: PriceDraft): PriceOverride {
  const override = toOverride(written);
  if (typeof override === 'string') throw new Error(override);
  return override;
}

test('prices of tokens are sent as written, and read back the same', () => {
  const override = made(
    draft({ tools: 'web_search 0.01\n', from: '2026-11-01' }, { cacheRead: '0.1' }),
  );
  expect(override.usdPerMillionTokens).toEqual({ input: 1, output: 2, cacheRead: 0.1 });
  expect(override).toMatchObject({ usdPerToolUse: { web_search: 0.01 }, from: '2026-11-01' });
  expect(made(toPriceDraft(override))).toEqual(override);
  expect(overrideInWords(override)).toBe(
    'input $1.00, output $2.00, read from cache $0.10, $0.010 a use of web_search',
  );
});

test('a model at home is priced by the hours of its hardware', () => {
  const override = made(draft({ kind: 'hour', usdPerHour: '1.2', concurrency: '4' }));
  expect(override).toMatchObject({
    usdPerMillionTokens: null,
    usdPerHour: { usd: 1.2, concurrency: 4 },
  });
  expect(overrideInWords(override)).toBe('$1.20 an hour of hardware shared by 4 calls');
  expect(made(toPriceDraft(override))).toEqual(override);
});

test('a price may name what it changes alone, and the list says the rest', () => {
  const override = made(draft({ inherit: true }, { input: '', output: '', cacheRead: '0.1' }));
  expect(override).toMatchObject({
    inherit: true,
    usdPerMillionTokens: { input: null, output: null, cacheRead: 0.1 },
  });
  expect(overrideInWords(override)).toBe('read from cache $0.10, the rest as listed');
  expect(made(toPriceDraft(override))).toEqual(override);
  expect(made(draft({ inherit: true, usdPerRequest: '0.5' }, { input: '', output: '' }))).toEqual(
    expect.objectContaining({ inherit: true, usdPerMillionTokens: null, usdPerRequest: 0.5 }),
  );
  expect(inheritedInWords(['output', 'cacheRead'])).toBe('of the list: output, read from cache');
});

test('free is written as zero, and said', () => {
  expect(isFree(made(draft({}, { input: '0', output: '0' })))).toBe(true);
  expect(isFree(made(draft({ usdPerRequest: '0.1' }, { input: '0', output: '0' })))).toBe(false);
});

test.each<[what: string, written: PriceDraft, sentence: string]>([
  ['no model', draft({ model: ' ' }), 'Name a model'],
  ['a star in the middle', draft({ model: 'a*b' }), 'Name a model'],
  ['an empty price', draft({}, { output: '' }), '0 = free'],
  [
    'nothing that differs from the list',
    draft({ inherit: true }, { input: '', output: '' }),
    'differs from the list',
  ],
  ['a price below zero', draft({}, { input: '-1' }), '0 = free'],
  ['a price that is no number', draft({}, { cacheRead: 'x' }), 'Read from cache'],
  ['no price of an hour', draft({ kind: 'hour' }), 'an hour of hardware'],
  [
    'hardware that nobody shares',
    draft({ kind: 'hour', usdPerHour: '1', concurrency: '0' }),
    'how many calls',
  ],
  ['a tool without a price', draft({ tools: 'web_search' }), 'one tool a line'],
])('%s is told in a sentence', (_, written, sentence) => {
  expect(toOverride(written)).toContain(sentence);
});

test('a changed price takes the place of the one it was', () => {
  const [first, second, third] = ['a', 'b', 'c'].map((model) => made(draft({ model })));
  if (first === undefined || second === undefined || third === undefined) throw new Error('three');
  expect(withOverride([first, second], third, first)).toEqual([third, second]);
  expect(withOverride([first], third, null)).toEqual([first, third]);
});

test('what the server says of a price names it as the page does', () => {
  expect(toPriceSentence('overrides.2: is for the same model as overrides.0.')).toBe(
    'Price 3 of your own: is for the same model as price 1 of your own.',
  );
  expect(toPriceSentence('overrides.0.usdPerToolUse.x: Name a tool.')).toBe(
    'Price 1 of your own: Name a tool.',
  );
});
