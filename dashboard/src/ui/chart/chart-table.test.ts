import { expect, test } from 'vitest';
import { chartRows, mostRows } from './chart-table.ts';

const series = (values: (number | null)[]) =>
  [{ key: 'a', label: 'a', values, look: 'plain' }] as const;

test('few times are shown as they are', () => {
  expect(chartRows([1, 2], series([5, null]), 'highest')).toEqual([
    { fromMs: 1, values: [5] },
    { fromMs: 2, values: [null] },
  ]);
});

test('many times share rows, and the furthest of each is shown', () => {
  const times = Array.from({ length: 10_080 }, (_, at) => at);
  const values = times.map((at) => (at === 500 ? 99 : at % 7 === 0 ? null : 1));
  const rows = chartRows(times, series(values), 'highest');
  expect(rows.length).toBeLessThanOrEqual(mostRows);
  expect(rows.filter((row) => row.values[0] === 99)).toHaveLength(1);
  expect(chartRows(times, series(values), 'lowest').some((row) => row.values[0] === 99)).toBe(
    false,
  );
});
