import { expect, test } from 'vitest';
import { metricSources } from '../../store/metric-sources.ts';
import type { WindowRead } from '../../store/read-window.ts';
import type { WindowAsk } from '../../store/window-sql.ts';
import { measure, type ReadWindows } from './measure.ts';

function askOf(fromUnixNano: bigint): WindowAsk {
  return {
    source: metricSources.loop_rate,
    conditions: [],
    nowUnixNano: 0n,
    groupBy: 'none',
    aggregation: 'value',
    direction: 'above',
    minSamples: 0,
    limit: 1,
    fromUnixNano,
    toUnixNano: 100n,
  };
}

const readOf = ({ fromUnixNano }: WindowAsk): WindowRead => ({
  readings: [],
  otherGroups: Number(fromUnixNano),
});

function run(asks: readonly WindowAsk[], readWindows: ReadWindows, timeoutMs = 10_000) {
  const { signal } = new AbortController();
  return measure(asks, { readWindows, projectId: 'shop', signal, timeoutMs });
}

test('what is asked twice is read once', async () => {
  const asked: number[] = [];
  const answers = await run([askOf(1n), askOf(2n), askOf(1n)], async (_, asks) => {
    asked.push(asks.length);
    return asks.map(readOf);
  });
  expect(asked).toEqual([2]);
  expect(answers.map((answer) => answer.type === 'read' && answer.read.otherGroups)).toEqual([
    1, 2, 1,
  ]);
});

test('one that cannot be read fails alone, after three attempts', async () => {
  let tries = 0;
  const answers = await run([askOf(1n), askOf(2n), askOf(3n)], async (_, asks) => {
    if (asks.some(({ fromUnixNano }) => fromUnixNano === 2n)) {
      tries += 1;
      throw new Error('too many groups');
    }
    return asks.map(readOf);
  });
  expect(answers.map(({ type }) => type)).toEqual(['read', 'failed', 'read']);
  expect(answers[1]).toEqual({ type: 'failed', message: 'too many groups' });
  expect(tries).toBe(3);
});

test('one that hangs is given up', async () => {
  const hang: ReadWindows = (_, __, signal) =>
    new Promise((___, reject) =>
      signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true }),
    );
  const [answer] = await run([askOf(1n)], hang, 10);
  expect(answer).toEqual({ type: 'failed', message: 'no answer within 0.01 s' });
});
