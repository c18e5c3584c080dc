import { expect, test } from 'vitest';
import { costInWords, durationShare, shortList } from './cell-words.ts';

test.each([
  [[], ''],
  [['planner'], 'planner'],
  [['planner', 'writer'], 'planner, writer'],
  [['planner', 'writer', 'critic', 'router'], 'planner, writer +2'],
])('%j is listed as "%s"', (names, text) => {
  expect(shortList(names)).toBe(text);
});

test('a second is still a bar beside an hour, and no bar is longer than its track', () => {
  expect(durationShare(1000, 3_600_000)).toBeGreaterThan(0.3);
  expect([durationShare(0, 10), durationShare(10, 10), durationShare(20, 10)]).toEqual([0, 1, 1]);
});

test.each([
  [null, 0, 'not known'],
  ['0.25', 0, '$0.25'],
  ['0.25', 1, '$0.25; no cost is known for 1 model call'],
  [null, 1200, 'not known; no cost is known for 1,200 model calls'],
])('cost %s with %d unpriced calls is told as "%s"', (costUsd, unpricedCalls, words) => {
  expect(costInWords(costUsd, unpricedCalls)).toBe(words);
});
