import { expect, test } from 'vitest';
import { createBacklog, type Backlog, type Reached } from './backlog.ts';

type At = Reached & { nowMs: number; walAgeMs: number };

/** A server whose log and analysis stand where the test says, at a time that it says. */
function createServer(): { readonly look: (next: Partial<At>) => number } & Backlog {
  const at: At = { nowMs: 1_000_000, walAgeMs: 0, asOfMs: 0, arrivedAtMs: 0, waiting: 0 };
  const backlog = createBacklog({
    walAgeMs: () => at.walAgeMs,
    reached: () => at,
    nowMs: () => at.nowMs,
  });
  const look = (next: Partial<At>): number => {
    Object.assign(at, next);
    return backlog.hiddenMs();
  };
  return { ...backlog, look };
}

const mostMs = 900_000;

test('a server that starts is behind until somebody has looked at what it left', () => {
  const { look } = createServer();
  expect(look({ nowMs: 1_000_500 })).toBe(mostMs);
  expect(look({ nowMs: 1_001_000, asOfMs: 1_000_700 })).toBe(0);
});

test('it is behind since the oldest commit that is not in the tables, and until runs were made of it', () => {
  const { look, inserted } = createServer();
  expect(look({ nowMs: 1_001_000, asOfMs: 1_000_500 })).toBe(0);
  expect(look({ nowMs: 1_030_000, walAgeMs: 4_000 })).toBe(0);
  expect(look({ nowMs: 1_040_000, walAgeMs: 14_000, asOfMs: 1_039_000 })).toBe(14_000);
  inserted(1_026_000);
  expect(look({ nowMs: 1_041_000, walAgeMs: 500 })).toBe(15_000);
  inserted(1_040_500);
  // The look began before the second insert, of which nobody waits for long.
  expect(look({ nowMs: 1_042_000, walAgeMs: 0, asOfMs: 1_040_600 })).toBe(0);
  expect(look({ nowMs: 1_052_000 })).toBe(11_500);
  expect(look({ nowMs: 1_053_000, asOfMs: 1_052_500 })).toBe(0);
});

test('it need not be asked while it is behind', () => {
  const { look, inserted } = createServer();
  look({ nowMs: 1_001_000, asOfMs: 1_000_500 });
  look({ nowMs: 1_020_000 });
  inserted(1_002_000);
  expect(look({ nowMs: 1_020_100 })).toBe(18_100);
});

test('analysis that falls behind holds back as well', () => {
  const { look, inserted } = createServer();
  look({ nowMs: 1_001_000, asOfMs: 1_000_500 });
  inserted(1_000_800);
  const seen = { asOfMs: 1_030_000, waiting: 1, arrivedAtMs: 1_000_900 };
  expect(look({ ...seen, nowMs: 1_031_000 })).toBe(30_200);
  expect(look({ arrivedAtMs: 1_001_100 })).toBe(0);
  expect(look({ waiting: 0 })).toBe(0);
});

test('it never holds back for longer than a quarter of an hour', () => {
  const { look } = createServer();
  expect(look({ walAgeMs: 7_200_000, asOfMs: 1_000_500 })).toBe(mostMs);
});

test('of ten thousand inserts that nobody looks at the oldest counts, until somebody does', () => {
  const { look, inserted } = createServer();
  look({ nowMs: 1_001_000, asOfMs: 1_000_500 });
  for (let at = 0; at < 10_000; at += 1) inserted(1_001_000 + at);
  expect(look({ nowMs: 1_031_000 })).toBe(30_000);
  inserted(1_030_000);
  expect(look({ asOfMs: 1_002_000 })).toBe(30_000 - 999);
  expect(look({ asOfMs: 1_031_001 })).toBe(0);
});

test('a clock that was set back does not hold back for ever', () => {
  const { look, inserted } = createServer();
  inserted(999_000);
  expect(look({ nowMs: 500_000 })).toBe(500_000);
  expect(look({ nowMs: 501_000, asOfMs: 500_500 })).toBe(0);
});
