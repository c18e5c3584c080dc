import type { OverviewHeatmap } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { defaultScope, toUrl } from '../routes.ts';
import { cellInWords, cellRoute, rowInWords, toHeatmapStep, toShade } from './heatmap.ts';

const map: OverviewHeatmap = {
  from: '2026-11-21T10:00:30.000Z',
  to: '2026-11-21T10:03:30.000Z',
  stepSeconds: 60,
  times: [
    '2026-11-21T10:00:00.000Z',
    '2026-11-21T10:01:00.000Z',
    '2026-11-21T10:02:00.000Z',
    '2026-11-21T10:03:00.000Z',
  ],
  rows: [
    { fromMs: 0, toMs: 1, runsFilter: 'duration>=0ms duration<1ms' },
    { fromMs: 1000, toMs: 2000, runsFilter: 'duration>=1s duration<2s' },
  ],
  cells: [{ at: 1, row: 1, runs: 12, failedRuns: 1 }],
  runs: 12,
};

test.each([
  [15 * 60_000, '30s'],
  [24 * 3_600_000, '30m'],
  [7 * 86_400_000, '3h'],
  [400 * 86_400_000, '7d'],
  [1e13, 'auto'],
])('a range of %s ms has columns of %s', (lengthMs, step) => {
  expect(toHeatmapStep(lengthMs)).toBe(step);
});

test('a cell leads to its runs, and never beyond the range', () => {
  const scope = { ...defaultScope, project: 'p' };
  const of = (at: number): string => toUrl(cellRoute(map, { at, row: 1 }, scope));
  expect(of(0)).toContain('from=2026-11-21T10:00:30.000Z&to=2026-11-21T10:01:00.000Z');
  expect(of(3)).toContain('from=2026-11-21T10:03:00.000Z&to=2026-11-21T10:03:30.000Z');
  expect(new URL(of(1), 'http://host').searchParams.get('q')).toBe('duration>=1s duration<2s');
});

test('a cell is told in words', () => {
  expect(cellInWords(map, { at: 1, row: 1, runs: 12, failedRuns: 1 })).toMatch(
    /^12 runs of 1 s to 2 s, 1 failed, from /,
  );
  expect(map.rows.map(rowInWords)).toEqual(['under 1 ms', '1 s to 2 s']);
});

test('one run is seen, most runs are darkest', () => {
  expect([1, 2, 100, 1000].map((runs) => toShade(runs, 1000))).toEqual([1, 1, 4, 5]);
  expect(toShade(1, 1)).toBe(5);
});
