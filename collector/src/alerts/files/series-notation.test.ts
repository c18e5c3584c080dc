import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { mostPoints, readSeries } from './series-notation.ts';

const table: [text: string, points: unknown[]][] = [
  ['', []],
  ['5', [5]],
  ['5x2', [5, 5, 5]],
  ['0+1x3 _ 5x1', [0, 1, 2, 3, 'missing', 5, 5]],
  ['10-2.5x2', [10, 7.5, 5]],
  ['-1+1e1x1', [-1, 9]],
  ['_x2 error errorx2', ['missing', 'missing', 'failed', 'failed', 'failed']],
  ['5x0 _x0', [5]],
];

test.each(table)('%j is these values', (text, points) => {
  expect(readSeries(text)).toEqual({ type: 'series', points });
});

test.each(['five', '5x', 'x5', '5+1', '1,5', '5x-1', '0x1+2', '__', 'NaN', '0x1f'])(
  '%j is no value, and says what one is',
  (text) => {
    expect(readSeries(`1 ${text}`)).toEqual({
      type: 'wrong',
      sentence: `"${text}" is no value. Write such as 5, 5x3, 0+10x3, _ or error.`,
    });
  },
);

test('a week of minutes is the most, however it is written', () => {
  const most = { type: 'wrong', sentence: 'Write 10080 values at most.' };
  expect(readSeries(`1x${mostPoints}`)).toEqual(most);
  expect(readSeries(`_x999999`)).toEqual(most);
  expect(readSeries(`1x${mostPoints - 1}`)).toMatchObject({ type: 'series' });
});

test('numbers one after the other are those numbers', () => {
  const number = fc.oneof(fc.integer(), fc.double({ noNaN: true, noDefaultInfinity: true }));
  fc.assert(
    fc.property(fc.array(number), (points) => {
      expect(readSeries(points.join(' '))).toEqual({
        type: 'series',
        // A text has no negative zero.
        points: points.map((point) => point + 0),
      });
    }),
  );
});
