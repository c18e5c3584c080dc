import { expect, test } from 'vitest';
import { costSteps } from '../../routes.ts';
import { stepsOf, toStep } from './report-steps.ts';

const now = Date.parse('2026-11-21T12:00:00Z');

test.each<[from: string, chosen: (typeof costSteps)[number], step: string]>([
  ['now-15m', 'auto', '1m'],
  ['now-24h', 'auto', '1h'],
  ['now-7d', 'auto', '6h'],
  ['now-30d', 'auto', '1d'],
  ['now-30d', '7d', '7d'],
  ['now-7d', '1h', '1h'],
  ['now-52w', '1h', '14d'],
  ['now-1h', '1d', '2m'],
])('from %s, chosen %s: bars of %s', (from, chosen, step) => {
  expect(toStep(chosen, from, 'now', now)).toBe(step);
});

test('a range that cannot be read is left to the server', () => {
  expect(toStep('auto', 'yesterday', 'now', now)).toBe('auto');
  expect(stepsOf('yesterday', 'now', now)).toEqual(['auto']);
});

test('only widths that fit are offered', () => {
  expect(stepsOf('now-24h', 'now', now)).toEqual(['auto', '1h']);
  expect(stepsOf('now-30d', 'now', now)).toEqual(['auto', '1d', '7d']);
});
