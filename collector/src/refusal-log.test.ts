import { expect, test } from 'vitest';
import { createRefusalLog, refusalLogIntervalMs } from './refusal-log.ts';

test('the first refusal of a reason is told at once, the next ones together after a minute', () => {
  const told: unknown[] = [];
  let now = 0;
  const refused = createRefusalLog({ warn: (_, fields) => told.push(fields) }, () => now);

  refused('malformed', 1);
  refused('malformed', 2);
  refused('too_large', 5);
  expect(told).toEqual([
    { reason: 'malformed', count: 1 },
    { reason: 'too_large', count: 5 },
  ]);

  now = refusalLogIntervalMs;
  refused('malformed', 4);
  expect(told.at(-1)).toEqual({ reason: 'malformed', count: 6 });

  const error = new Error('disk is full');
  refused('unavailable', 7, error);
  expect(told.at(-1)).toEqual({ reason: 'unavailable', count: 7, error });
});
