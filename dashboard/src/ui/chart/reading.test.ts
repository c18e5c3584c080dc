import { expect, test } from 'vitest';
import { formatMoment } from './axis-steps.ts';
import { entryOf, keyTarget, readOut } from './reading.ts';

test.each([
  ['the right arrow comes in from the left', 'ArrowRight', null, 0],
  ['the left arrow comes in from the right', 'ArrowLeft', null, 99],
  ['an arrow goes one step', 'ArrowRight', 41, 42],
  ['no further than the first', 'ArrowLeft', 0, 0],
  ['no further than the last', 'ArrowRight', 99, 99],
  ['to the first', 'Home', 41, 0],
  ['to the last', 'End', null, 99],
  ['another key leads nowhere', 'x', 41, null],
] as const)('%s', (_, key, at, target) => {
  expect(keyTarget({ key, ctrlKey: false }, at, 100)).toBe(target);
});

test('with Ctrl an arrow goes a twentieth of the way', () => {
  expect(keyTarget({ key: 'ArrowRight', ctrlKey: true }, 41, 100)).toBe(46);
  expect(keyTarget({ key: 'ArrowLeft', ctrlKey: true }, 2, 100)).toBe(0);
});

test('a range that is chosen from nowhere begins at a value that there is', () => {
  const entries = ['ArrowRight', 'ArrowLeft', 'Home', 'End'].map((key) => entryOf(key, 100));
  expect(entries).toEqual([0, 99, 99, 99]);
});

test('what is said: when, every line, what is not known, and what it lies in, once', () => {
  const line = (label: string, values: (number | null)[]) =>
    ({ key: label, label, values, look: 'plain' }) as const;
  const series = [line('Runs', [1, 2]), line('Failed runs', [0, null])];
  const band = (fromMs: number, toMs: number) => ({ fromMs, toMs, label: 'fires' });
  const bands = [band(0, 60_000), band(60_000, 90_000), band(30_000, 61_000)];
  expect(readOut(60_000, 1, series, bands, 'count')).toBe(
    `${formatMoment(60_000)}, Runs 2, Failed runs –, fires`,
  );
});
