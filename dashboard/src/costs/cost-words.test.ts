import type { CostFigures } from 'orchescope/contract';
import { expect, test } from 'vitest';
import {
  coverageInWords,
  differenceInWords,
  formatMeasure,
  formatShare,
  knownCost,
  measureOf,
  toChange,
} from './cost-words.ts';

const figures: CostFigures = {
  costUsd: '3',
  reportedUsd: '0',
  computedUsd: '3',
  comparedCalls: 0,
  comparedReportedUsd: '0',
  comparedComputedUsd: '0',
  estimatedUsd: '0',
  calls: 4,
  pricedCalls: 4,
  coverage: 1,
  tokens: { input: 10, cacheRead: 20, cacheWrite: 0, output: 5, reasoning: 1 },
  runs: 2,
  successfulRuns: 0,
  handoffs: 0,
  users: 1,
  costPerRunUsd: '1.5',
  costPerSuccessfulRunUsd: null,
  costPerHandoffUsd: null,
  costPerUserUsd: '3',
  cacheHitShare: 0.66,
  savedByCacheUsd: null,
  wasteUsd: '0',
};

test.each<[share: number | null, text: string]>([
  [null, '–'],
  [0, '0 %'],
  [0.0001, '< 0.1 %'],
  [0.055, '5.5 %'],
  [0.984, '98 %'],
  [0.9999, '99.9 %'],
  [1, '100 %'],
  [-0.2, '-20 %'],
])('a share of %s reads %s', (share, text) => {
  expect(formatShare(share)).toBe(text);
});

test.each<[what: string, now: string | null, before: string | null, text: string | null]>([
  ['more', '3', '2', '+50 %'],
  ['less', '1', '2', '-50 %'],
  ['the same', '2', '2', 'same'],
  ['twelve times as much', '24', '2', '12x'],
  ['something after nothing', '3', null, 'new'],
  ['something after calls that were free', '3', '0', 'from $0'],
  ['what is not known', null, '2', null],
])('%s than before is said', (_, now, before, text) => {
  expect(toChange(now, before)?.text ?? null).toBe(text);
});

test('where no call has a price, nothing is known, and that is not zero', () => {
  const unpriced = { ...figures, costUsd: '0', pricedCalls: 0, coverage: 0, costPerRunUsd: '0' };
  expect(knownCost(unpriced)).toBeNull();
  expect(measureOf(unpriced, 'cost_per_run')).toBeNull();
  expect(formatMeasure(unpriced, 'cost')).toBe('–');
  expect(formatMeasure(unpriced, 'tokens')).toBe('36');
  expect(coverageInWords(0)).toBe('0 % of calls priced');
});

test('what has nothing to divide by is not drawn', () => {
  expect(measureOf(figures, 'cost_per_successful_run')).toBeNull();
  expect(measureOf(figures, 'cost_per_user')).toBe(3);
});

test('reported costs are told beside those of the list only where they differ', () => {
  expect(differenceInWords(figures)).toBe('');
  // What nobody can hold against anything says nothing.
  expect(differenceInWords({ ...figures, reportedUsd: '2', computedUsd: '4.5' })).toBe('');
  const both = { ...figures, comparedCalls: 3, comparedReportedUsd: '2' };
  expect(differenceInWords({ ...both, comparedComputedUsd: '2' })).toBe('');
  expect(differenceInWords({ ...both, comparedComputedUsd: '4.5' })).toBe(
    'For 3 of 4 calls both are known: senders reported $2.00, the prices here say $4.50.',
  );
  expect(differenceInWords({ ...both, comparedCalls: 4, comparedComputedUsd: '4.5' })).toBe(
    'For all 4 calls both are known: senders reported $2.00, the prices here say $4.50.',
  );
});
