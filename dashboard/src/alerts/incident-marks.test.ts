import type { Incident } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { toMarks } from './incident-marks.ts';

test('incidents are marks in order of time, named by rule and group', () => {
  const incidents = [
    { startedAtMs: 20, title: 'Too slow', group: 'planner' },
    { startedAtMs: 10, title: 'Turned\u202Etxt', group: '' },
  ] as Incident[];
  expect(toMarks(incidents)).toEqual([
    { atMs: 10, label: 'Turned⟨U+202E⟩txt', kind: 'incident' },
    { atMs: 20, label: 'Too slow (planner)', kind: 'incident' },
  ]);
});
