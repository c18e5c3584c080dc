import type { SpanDetail } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { toCostText } from './span-facts.ts';

const none = {
  kind: 'llm',
  costUsd: null,
  costSource: 'none',
  computedCostUsd: null,
  priceVersion: '',
  priceMatch: 'none',
  modelRequested: 'my-model',
  modelAnswered: '',
} as const;
const listed = { priceVersion: 'genai-prices 0.1.8 of 2026-09-23', priceMatch: 'exact' } as const;

test.each<[text: string, span: Partial<SpanDetail>]>([
  ['', { kind: 'tool' }],
  ['no price known for model my-model', {}],
  ['not known: no model was named', { modelRequested: '' }],
  ['not known: its token counts are missing or contradictory', { priceMatch: 'exact' }],
  ['reported by the sender', { costSource: 'reported', costUsd: '1' }],
  [
    'reported by the sender; $2 by prices of 2026-09-23',
    { costSource: 'reported', costUsd: '1', computedCostUsd: '2', ...listed },
  ],
  ['computed from prices of 2026-09-23', { costSource: 'computed', ...listed }],
  [
    "computed from prices of 2026-09-23, an estimate by the model's family",
    { costSource: 'computed', ...listed, priceMatch: 'prefix' },
  ],
  [
    'computed from your own prices',
    { costSource: 'computed', priceVersion: 'own prices 0123456789ab', priceMatch: 'exact' },
  ],
])('a cost says: %s', (text, span) => {
  expect(toCostText({ ...none, ...span })).toBe(text);
});
