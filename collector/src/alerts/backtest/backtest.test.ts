import { expect, test } from 'vitest';
import type { AlertRule } from '../../contract.ts';
import type { SlidingSeries } from '../../store/read-sliding.ts';
import { ruleOf } from '../state/play.testing.ts';
import { backtest, type BacktestInput } from './backtest.ts';

const minuteMs = 60_000;
const startMs = 1_700_000_000_000;

/** A minute apart; null = nothing was there. */
function series(groups: Readonly<Record<string, readonly (number | null)[]>>): SlidingSeries {
  const count = Math.max(...Object.values(groups).map(({ length }) => length));
  return {
    timesMs: Array.from({ length: count }, (_, index) => startMs + index * minuteMs),
    groups: Object.entries(groups).map(([group, value]) => ({
      group,
      value: [...value],
      samples: value.map((one) => (one === null ? 0 : 50)),
      bad: value.map((one) => (one === null ? 0 : 50)),
      pricedShare: null,
    })),
    otherGroups: 0,
  };
}

function tried(
  rule: Partial<AlertRule>,
  groups: Parameters<typeof series>[0],
  more: Partial<BacktestInput> = {},
) {
  const input = {
    projectId: 'default',
    series: series(groups),
    hours: new Map(),
    burn: [],
    ...more,
  };
  return backtest(ruleOf(rule), input);
}

const times = (count: number, value: number | null) => Array.from({ length: count }, () => value);

test('an episode begins when it fires, ends when it is over and knows its worst', async () => {
  const value = [...times(5, 1), 12, 20, 12, ...times(5, 1)];
  const { episodes, firingMinutes, messageCount } = await tried({ for: '1m' }, { '': value });
  expect(episodes).toEqual([
    {
      group: '',
      startedAtMs: startMs + 6 * minuteMs,
      endedAtMs: startMs + 10 * minuteMs,
      worst: 20,
    },
  ]);
  expect(firingMinutes).toBe(4);
  expect(messageCount).toBe(2);
});

test('an episode that goes on has no end', async () => {
  const { episodes } = await tried({}, { '': [1, 12, 30, 11] });
  expect(episodes).toMatchObject([{ endedAtMs: null, worst: 30 }]);
});

test('minutes in which several groups fire are counted once, and their messages are one', async () => {
  const both = { a: [...times(6, 12), ...times(4, 1)], b: [...times(6, 12), ...times(4, 1)] };
  const { episodes, firingMinutes, messageCount } = await tried(
    { by: 'agent', keepFiring: '0s' },
    both,
  );
  expect(episodes).toHaveLength(2);
  expect(firingMinutes).toBe(6);
  expect(messageCount).toBe(2);
});

test('what goes on is told again as often as the rule says', async () => {
  const told = await tried({ repeatEvery: '1h' }, { '': times(301, 12) });
  expect(told.messageCount).toBe(6);
  expect((await tried({ repeatEvery: '0s' }, { '': times(301, 12) })).messageCount).toBe(1);
});

test('a group that joins is told with others that do', async () => {
  const late = (minutes: number) => [...times(minutes, 1), ...times(30 - minutes, 12)];
  const groups = { a: late(0), b: late(2), c: late(3) };
  const rule: Partial<AlertRule> = { by: 'agent', groupEvery: '10m' };
  expect((await tried(rule, groups)).messageCount).toBe(2);
});

test('flapping is told once, and that it is over', async () => {
  const restless = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? 12 : 1));
  const rule: Partial<AlertRule> = { keepFiring: '0s' };
  const { messageCount, episodes } = await tried(rule, { '': [...restless, ...times(40, 1)] });
  expect(episodes).toHaveLength(20);
  expect(messageCount).toBeLessThan(12);
});

test('a group of which nothing comes is gone', async () => {
  const { episodes } = await tried(
    { by: 'agent', keepFiring: '1h' },
    { a: [12, 12, null, null, 1] },
  );
  expect(episodes).toMatchObject([{ endedAtMs: startMs + 3 * minuteMs }]);
});

const ratio: Partial<AlertRule> = {
  condition: {
    type: 'ratio',
    direction: 'above',
    alert: 2,
    target: null,
    recover: null,
    over: '7d',
    minHours: 24,
  },
};
const hourMs = 60 * minuteMs;
const hours = Array.from({ length: 48 }, (_, index) => ({
  atMs: Math.floor(startMs / hourMs - 60 + index) * hourMs,
  value: 10,
  samples: 50,
}));

test('a ratio is held against the hours before', async () => {
  const told = await tried(ratio, { '': [19, 21, 1] }, { hours: new Map([['', hours]]) });
  expect(told.episodes).toMatchObject([{ startedAtMs: startMs + minuteMs, worst: 21 }]);
  expect(told.thresholds.get('')).toEqual([20, 20, 20]);
});

test('without a past a ratio learns, and says how often', async () => {
  const told = await tried(ratio, { '': [19, 21, 1] });
  expect(told).toMatchObject({ episodes: [], judgedCount: 3, unsureCount: 3 });
});

test('a burn rate needs both windows of a pair', async () => {
  const rule: Partial<AlertRule> = {
    condition: {
      type: 'burn_rate',
      objective: 0.9,
      pairs: [{ long: '1h', short: '5m', factor: 5 }],
    },
  };
  const own = { '': [0, 0, 0] };
  const burn = [{ long: series({ '': [0.6, 0.6, 0.6] }), short: series({ '': [0, 0.6, 0.6] }) }];
  const told = await tried(rule, own, { burn });
  expect(told.episodes).toMatchObject([{ startedAtMs: startMs + minuteMs }]);
});

test('nothing at all is no episode', async () => {
  expect(await tried({}, { '': [] })).toMatchObject({
    episodes: [],
    firingMinutes: 0,
    messageCount: 0,
  });
});

test('others are served while it runs', async () => {
  let served = 0;
  const timer = setInterval(() => (served += 1), 1);
  const groups = Object.fromEntries(
    Array.from({ length: 50 }, (_, index) => [`g${index}`, times(4_000, 12)]),
  );
  await tried({ by: 'agent' }, groups);
  clearInterval(timer);
  expect(served).toBeGreaterThan(1);
});
