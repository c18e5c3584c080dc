import { expect, test } from 'vitest';
import { alertMetric, type AlertMetric } from '../../../../collector/src/contract.ts';
import { metricSources } from '../../../../collector/src/store/metric-sources.ts';
import { choosableMetrics, hasBad, hasPrices, isPlatform, metricFacts } from './metric-facts.ts';

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

test('what has no runs behind it cannot be split, and all that the server knows can be chosen', () => {
  for (const [name, { groups }] of Object.entries(metricFacts)) {
    expect([name, groups.length === 0]).toEqual([name, isPlatform(name as AlertMetric)]);
  }
  const known = alertMetric.options.filter((metric) => !metric.startsWith('budget_'));
  expect(choosableMetrics.toSorted()).toEqual(known.toSorted());
});

test('which metrics have bad samples, and which have prices, is as the store says', () => {
  for (const [name, source] of Object.entries(metricSources)) {
    const metric = name as keyof typeof metricSources;
    expect([name, hasBad(metric)]).toEqual([name, 'bad' in source]);
    expect([name, hasPrices(metric)]).toEqual([name, 'priced' in source]);
  }
});
