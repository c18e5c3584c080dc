import { expect, test } from 'vitest';
import { metricSources } from '../../../../collector/src/store/metric-sources.ts';
import { hasBad, hasPrices, isPlatform, metricFacts } from './metric-facts.ts';

test('every metric of runs has the unit, the shape and the groups that the store gives it', () => {
  const told = Object.entries(metricFacts)
    .filter(([, { shape }]) => shape !== 'fact')
    .map(([name, { unit, shape, groups }]) => [name, unit, shape, groups.toSorted().join(' ')]);
  const stored = Object.entries(metricSources).map(([name, { unit, shape, groups }]) => [
    name,
    unit,
    shape,
    Object.keys(groups).toSorted().join(' '),
  ]);
  expect(told).toEqual(stored);
});

test('what has no runs behind it cannot be split', () => {
  for (const [name, { groups, shape }] of Object.entries(metricFacts)) {
    const platform = isPlatform(name as keyof typeof metricFacts);
    expect([name, platform]).toEqual([name, shape === 'fact']);
    expect([name, groups.length === 0]).toEqual([name, platform]);
  }
});

test('which metrics have bad samples, and which have prices, is as the store says', () => {
  for (const [name, source] of Object.entries(metricSources)) {
    const metric = name as keyof typeof metricSources;
    expect([name, hasBad(metric)]).toEqual([name, 'bad' in source]);
    expect([name, hasPrices(metric)]).toEqual([name, 'priced' in source]);
  }
});
