import { expect, test } from 'vitest';
import { toChangeWords, type ChangeKind } from './change-words.ts';

const slower: ChangeKind = { up: 'slower', down: 'faster', good: 'down', as: 'relative' };
const better: ChangeKind = { up: 'better', down: 'worse', good: 'up', as: 'points' };
const more: ChangeKind = { up: 'more', down: 'fewer', good: 'neither', as: 'difference' };

test.each([
  [120, 100, slower, '+20 % slower', 'up', false],
  [95, 100, slower, '−5 % faster', 'down', true],
  [100.01, 100, slower, '+<0.1 % slower', 'up', false],
  [2_500, 100, slower, '25 times, slower', 'up', false],
  [5, 0, slower, 'none before', 'up', null],
  [0.975, 0.99, better, '−1.5 points worse', 'down', false],
  [1, 0.5, better, '+50 points better', 'up', true],
  [3, 1, more, '+2 more', 'up', null],
  [7, 7, more, 'as before', 'same', null],
  [null, 7, more, 'nothing to compare with', 'none', null],
  [7, null, more, 'nothing to compare with', 'none', null],
] as const)('%s after %s is told as such', (now, before, kind, text, direction, isGood) => {
  expect(toChangeWords(now, before, kind)).toEqual({ text, direction, isGood });
});
