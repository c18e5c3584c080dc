import * as fc from 'fast-check';
import type { CostReport, CostRow } from 'orchescope/contract';
import { expect, test } from 'vitest';
import {
  shownLayers,
  stepInWords,
  toHeights,
  toLayers,
  toPaths,
  toTableRows,
  toTicks,
} from './layers.ts';

const times = ['2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z'];

/** Only what layers are made of. */
function report(rows: readonly (readonly number[])[], other: readonly number[] | null): CostReport {
  return {
    times,
    rows: rows.map((series, at) => ({ keys: [`row-${at}`], series }) as unknown as CostRow),
    other: other === null ? null : { rows: 3, costUsd: '1', series: [...other] },
  } as unknown as CostReport;
}

test('rows beyond the sixth are one layer with those beyond the table', () => {
  const layers = toLayers(
    report(
      Array.from({ length: 8 }, () => [1, 2]),
      [10, 20],
    ),
  );
  expect(layers).toHaveLength(shownLayers + 1);
  expect(layers.at(-1)).toMatchObject({ label: '5 other', values: [12, 24], look: 6 });
  expect(toHeights(layers, 2)).toEqual([18, 36]);
});

test('six rows need no other', () => {
  expect(toLayers(report([[1, 2]], null)).map(({ label }) => label)).toEqual(['row-0']);
});

test('bars stand on each other, and nothing is drawn of nothing', () => {
  const layers = toLayers(
    report(
      [
        [1, 0],
        [3, 2],
      ],
      null,
    ),
  );
  expect(toPaths(layers, 2, { width: 20, height: 100, top: 4 })).toEqual([
    'M1 75h8v25h-8z',
    'M1 0h8v75h-8zM11 50h8v50h-8z',
  ]);
});

test('ticks are round, begin at zero and cover what is drawn', () => {
  const amount = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(amount, (highest) => {
      const ticks = toTicks(highest);
      expect(ticks[0]).toBe(0);
      expect(ticks.at(-1)).toBeGreaterThanOrEqual(highest * (1 - 1e-6));
      expect(ticks.length).toBeLessThanOrEqual(6);
    }),
  );
});

test('a table of many windows adds them up and loses none', () => {
  const many = Array.from({ length: 130 }, (_, at) => new Date(at * 60_000).toISOString());
  const values = many.map((_, at) => at);
  const rows = toTableRows(many, [{ key: 'a', label: 'a', values, look: 0 }]);
  expect(rows.length).toBeLessThanOrEqual(60);
  const sum = rows.reduce((all, row) => all + (row.values[0] ?? 0), 0);
  expect(sum).toBe(values.reduce((all, value) => all + value, 0));
});

test.each([
  [3_600, 'by hour'],
  [7_200, 'in steps of 2 hours'],
  [86_400, 'by day'],
  [604_800, 'in steps of 7 days'],
  [90, 'in steps of 90 seconds'],
])('bars of %s s are called %s', (seconds, words) => {
  expect(stepInWords(seconds)).toBe(words);
});
