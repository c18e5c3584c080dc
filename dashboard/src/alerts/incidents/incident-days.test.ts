import type { Incident } from 'orchescope/contract';
import { expect, test } from 'vitest';
import { dayInWords, toSections } from './incident-days.ts';

const at = (text: string): number => new Date(text).getTime();
const now = at('2026-11-21T10:00:00');

function incident(id: string, started: string, ended: string | null): Incident {
  return {
    id,
    startedAtMs: at(started),
    endedAtMs: ended === null ? null : at(ended),
  } as Incident;
}

test('what is open comes first, whenever it began, and the rest by the day it began', () => {
  const incidents = [
    incident('old but open', '2026-11-01T08:00:00', null),
    incident('this morning', '2026-11-21T08:00:00', '2026-11-21T08:05:00'),
    incident('over midnight', '2026-11-20T23:59:00', '2026-11-21T00:05:00'),
    incident('before', '2026-11-19T12:00:00', '2026-11-19T13:00:00'),
  ];
  expect(
    toSections(incidents, now).map(({ title, incidents: some }) => [
      title,
      some.map(({ id }) => id),
    ]),
  ).toEqual([
    ['Open', ['old but open']],
    ['Today', ['this morning']],
    ['Yesterday', ['over midnight']],
    ['Thu, 19 Nov 2026', ['before']],
  ]);
});

test('nothing makes no section', () => {
  expect(toSections([], now)).toEqual([]);
});

test('the day before the clocks change is yesterday', () => {
  expect(dayInWords(at('2026-10-24T00:30:00'), at('2026-10-25T23:30:00'))).toBe('Yesterday');
});
