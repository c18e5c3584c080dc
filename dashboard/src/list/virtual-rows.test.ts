import { expect, test } from 'vitest';
import { toRowWindow } from './virtual-rows.ts';

test.each([
  ['the top', { scrollTop: 0, height: 320, rowHeight: 32, count: 1000 }, { first: 0, end: 16 }],
  [
    'the middle',
    { scrollTop: 3200, height: 320, rowHeight: 32, count: 1000 },
    { first: 94, end: 116 },
  ],
  [
    'the end',
    { scrollTop: 31_680, height: 320, rowHeight: 32, count: 1000 },
    { first: 984, end: 1000 },
  ],
  ['nothing', { scrollTop: 0, height: 320, rowHeight: 32, count: 0 }, { first: 0, end: 0 }],
  [
    'a list that became shorter',
    { scrollTop: 31_680, height: 320, rowHeight: 32, count: 5 },
    { first: 5, end: 5 },
  ],
])('the window at %s', (_, view, window) => {
  expect(toRowWindow(view)).toEqual(window);
});
