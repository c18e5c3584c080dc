import { expect, test } from 'vitest';
import { breachInWords, cautionsOf, lastedInWords, safeLink } from './incident-words.ts';

test.each([
  ['a latency', 12_400, { threshold: 5_000, direction: 'above', unit: 'ms' }, '12.4 s, above 5 s'],
  ['a share', 0.8, { threshold: 0.85, direction: 'below', unit: 'share' }, '80 %, below 85 %'],
  ['while learning', 3, { threshold: null, direction: 'above', unit: 'count' }, '3'],
  ['a band', 9, { threshold: 4, direction: 'both', unit: 'count' }, '9, outside of 4'],
  [
    'a value that is not known',
    null,
    { threshold: 4, direction: 'above', unit: 's' },
    '–, above 4 s',
  ],
  ['absence', null, { threshold: null, direction: 'absent', unit: 's' }, 'nothing arrived'],
] as const)('%s against its threshold', (_, value, incident, words) => {
  expect(breachInWords(value, incident)).toBe(words);
});

test('an open incident lasts until now, an ended one lasted until its end', () => {
  expect(lastedInWords({ startedAtMs: 1_000, endedAtMs: null }, 61_400)).toBe('1 m');
  expect(lastedInWords({ startedAtMs: 1_000, endedAtMs: 6_000 }, 61_400)).toBe('5 s');
  // The clock of the browser may be behind.
  expect(lastedInWords({ startedAtMs: 1_000, endedAtMs: null }, 0)).toBe('0 ms');
});

test('late data and groups that are not watched are said', () => {
  const calm = { lateData: false, overflow: 0 } as Parameters<typeof cautionsOf>[0];
  expect(cautionsOf(calm)).toEqual([]);
  expect(cautionsOf({ ...calm, lateData: true, overflow: 1 })).toHaveLength(2);
  expect(cautionsOf({ ...calm, overflow: 12 })[0]).toContain('12 more groups');
});

test.each([
  ['https://wiki.example/runbook', 'https://wiki.example/runbook'],
  ['HTTP://wiki.example', 'HTTP://wiki.example'],
  ['javascript:alert(1)', null],
  [' javascript:alert(1)', null],
  ['data:text/html,<script>', null],
  ['https://', null],
  ['/relative', null],
  ['', null],
])('a runbook at %j is linked as %j', (link, shown) => {
  expect(safeLink(link)).toBe(shown);
});
