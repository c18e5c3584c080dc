import { expect, test } from 'vitest';
import { toSealTime } from './lingering.ts';

const linger = { quietMs: 50, longestMs: 1_000 };

test.each([
  ['a first commit waits a moment for company', 1_000, 0, 0, 1_050],
  ['long after an insert it is the same', 9_000, 1_000, 200, 9_050],
  ['after an insert of 20 ms the store rests 80 ms', 1_000, 1_000, 20, 1_080],
  ['also when the commit came while it ran', 990, 1_000, 20, 1_080],
  ['a commit in the middle of the rest waits for its end', 1_040, 1_000, 20, 1_090],
  ['after a long insert a segment waits no longer than it may', 1_000, 1_000, 3_000, 2_000],
  ['counted from its first commit', 400, 1_000, 3_000, 1_400],
])('%s', (_, firstCommitAtMs, lastInsertEndAtMs, lastInsertMs, expected) => {
  expect(toSealTime(linger, { firstCommitAtMs, lastInsertEndAtMs, lastInsertMs })).toBe(expected);
});
