import { expect, test } from 'vitest';
import { incidentRange } from './incident-range.ts';

const startedAtMs = Date.parse('2026-11-21T10:00:00Z');
const now = Date.parse('2026-11-21T12:00:00Z');

test('the range of an open incident goes on', () => {
  expect(incidentRange({ startedAtMs, endedAtMs: null }, now)).toEqual({
    from: '2026-11-21T09:45:00.000Z',
    to: 'now',
  });
});

test('the range of an ended one ends a little later, but never in the future', () => {
  const endedAtMs = Date.parse('2026-11-21T10:30:00Z');
  expect(incidentRange({ startedAtMs, endedAtMs }, now).to).toBe('2026-11-21T10:31:00.000Z');
  expect(incidentRange({ startedAtMs, endedAtMs: now - 1000 }, now).to).toBe('now');
});
