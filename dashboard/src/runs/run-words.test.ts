import { expect, test } from 'vitest';
import {
  ageOf,
  countFindings,
  durationBar,
  durationInWords,
  findingsInWords,
} from './run-words.ts';

const ended = { durationMs: 5000, endTimeUnixNano: '1', readAtMs: 1000 };
const open = { durationMs: 5000, endTimeUnixNano: null, readAtMs: 1000 };

test('an open run ages from the moment it was read; one that ended does not', () => {
  expect([ageOf(ended, 4000), ageOf(open, 4000)]).toEqual([5000, 8000]);
});

test('a clock that is behind makes no run younger', () => {
  expect(ageOf(open, 0)).toBe(5000);
});

test('the bar shows which part was waiting, and none where nobody told', () => {
  expect(durationBar({ activeMs: 1000, waitingMs: 3000 }, 4000, 4000)).toEqual({
    length: 1,
    waiting: 0.75,
  });
  expect(durationBar({ activeMs: 0, waitingMs: 0 }, 4000, 4000).waiting).toBe(0);
});

test.each([
  [{ activeMs: 1000, waitingMs: 0, endTimeUnixNano: '1' }, '1,000 ms, 1 s at work'],
  [
    { activeMs: 1000, waitingMs: 250, endTimeUnixNano: null },
    '1,000 ms until now, 1 s at work, 250 ms waiting',
  ],
])('how long %j took is told in words', (run, words) => {
  expect(durationInWords(run, 1000)).toBe(words);
});

test('findings are counted one by one, and told by kind', () => {
  const findings = [
    { kind: 'loop', severity: 'critical', count: 2 },
    { kind: 'handoff_refused', severity: 'info', count: 1 },
  ] as const;
  expect(countFindings(findings)).toBe(3);
  expect(findingsInWords(findings)).toBe('critical: Loop ×2\ninfo: Handoff refused');
});
