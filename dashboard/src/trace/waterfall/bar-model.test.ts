import { expect, test } from 'vitest';
import { segmentsBackground, toBarModel, veilOf } from './bar-model.ts';
import { layoutTrace } from './layout/layout-trace.ts';
import { sketchTrace } from './layout/sketch.testing.ts';
import { createTimeScale } from './layout/time-scale.ts';

const { layout } = layoutTrace(
  sketchTrace([
    { name: 'run', at: 0, took: 1000 },
    { name: 'a', parent: 0, at: 100, took: 200 },
    { name: 'b', parent: 0, at: 250, took: 100 },
    { name: 'lookup', parent: 0, at: 500, took: 50, attempt: 1, error: 'Timeout' },
    { name: 'lookup', parent: 0, at: 600, took: 50, attempt: 2, error: 'Timeout' },
    { name: 'lookup', parent: 0, at: 700, took: 50, attempt: 3 },
    { name: 'blink', parent: 0, at: 900, took: 0 },
  ]),
  1_000_000_001_000,
);
/** One pixel a millisecond. */
const scale = createTimeScale({ start: 0, end: 1000e6 }, 1000, null);

test('what children cover is one stretch where they overlap', () => {
  expect(toBarModel(layout, scale, 0)?.covered.slice(0, 2)).toEqual([
    { from: 100, to: 350 },
    { from: 500, to: 550 },
  ]);
});

test('the attempts of a fold are numbered segments, failed ones marked', () => {
  expect(toBarModel(layout, scale, -1)).toMatchObject({
    left: 500,
    width: 250,
    segments: [
      { from: 0, to: 50, isError: true, label: '1' },
      { from: 100, to: 150, isError: true, label: '2' },
      { from: 200, to: 250, isError: false, label: '3' },
    ],
  });
});

test('a span of no time is still to be seen', () => {
  expect(toBarModel(layout, scale, 6)).toMatchObject({ left: 900, width: 3 });
});

test('a bar outside of the window is not drawn, one across it is cut', () => {
  const zoomed = createTimeScale({ start: 400e6, end: 401e6 }, 1000, null);
  expect(toBarModel(layout, zoomed, 1)).toBeNull();
  expect(toBarModel(layout, zoomed, 0)).toMatchObject({ left: -8, width: 1016 });
});

test('the backgrounds are gradients of the stretches', () => {
  expect(veilOf([])).toBe('none');
  expect(veilOf([{ from: 1, to: 4 }])).toBe(
    'linear-gradient(90deg, transparent 1px, var(--veil) 1px, var(--veil) 4px, transparent 4px)',
  );
  expect(segmentsBackground([{ from: 0, to: 9, isError: true, label: '' }])).toBe(
    'linear-gradient(90deg, transparent 0px, var(--error) 0px, var(--error) 8px, transparent 8px)',
  );
});
