import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { nowMs, toUptimeMs } from './clock.ts';
import { emit, run, start } from './index.ts';
import { record, type Recording } from './test/record.ts';

let recording: Recording;

beforeEach(() => {
  recording = record();
});
afterEach(async () => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  await recording.stop();
});

type Time = readonly [seconds: number, nanoseconds: number];
const toNs = ([seconds, nanoseconds]: Time): bigint =>
  BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
const toMs = (time: Time): number => Number(toNs(time)) / 1e6;
const isSorted = (times: readonly bigint[]): boolean =>
  times.every((time, i) => i === 0 || time > (times[i - 1] ?? 0n));

const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

test('spans that begin within one millisecond are in the order in which they began', () => {
  const began = names.map((name) => start({ kind: 'tool', name }));
  for (const op of began) op.end();
  const spans = names.map((name) => recording.span(`execute_tool ${name}`));
  expect(isSorted(spans.map(({ startTime }) => toNs(startTime)))).toBe(true);
  expect(isSorted(spans.map(({ endTime }) => toNs(endTime)))).toBe(true);
});

test('children, events and errors lie within their span', () => {
  expect(() =>
    run({ kind: 'agent', name: 'outer' }, () => {
      emit({ type: 'terminate', reason: 'first' });
      run({ kind: 'tool', name: 'inner' }, () => {
        throw new Error('no');
      });
    }),
  ).toThrow('no');
  const outer = recording.span('invoke_agent outer');
  const inner = recording.span('execute_tool inner');
  const [event] = outer.events;
  const [exception] = inner.events;
  const times = [
    outer.startTime,
    event?.time ?? [0, 0],
    inner.startTime,
    exception?.time ?? [0, 0],
    inner.endTime,
    outer.endTime,
  ];
  expect(isSorted(times.map((time) => toNs(time as Time)))).toBe(true);
});

test('it shows the time of day', () => {
  for (let i = 0; i < 10_000; i += 1) {
    const before = Date.now();
    const now = nowMs();
    expect(now).toBeGreaterThanOrEqual(before - 1);
    expect(now).toBeLessThan(Date.now() + 2);
  }
});

test.each([
  ['put forward by an hour', 3_600_000],
  ['put back by an hour', -3_600_000],
  ['put back by two milliseconds', -2],
])('a clock that is %s is followed, and a span keeps its length', (_, byMs) => {
  const op = start({ kind: 'tool', name: 't' });
  const realMs = Date.now.bind(Date);
  const wall = vi.spyOn(Date, 'now').mockImplementation(() => realMs() + byMs);
  op.end();
  run({ kind: 'tool', name: 'after' }, () => {});
  const after = toMs(recording.span('execute_tool after').startTime);
  expect(Math.abs(after - Date.now())).toBeLessThan(1_000);
  expect(after - byMs).toBeGreaterThan(toMs(recording.span('execute_tool t').startTime) - 3);
  wall.mockRestore();
  const [seconds] = recording.span('execute_tool t').duration;
  expect(seconds).toBe(0);
});

test('a test may stop the clock, and wind it', () => {
  vi.useFakeTimers({ now: Date.UTC(2030, 0, 1) });
  const op = start({ kind: 'tool', name: 't' });
  vi.advanceTimersByTime(1_500);
  op.end();
  const { startTime, duration } = recording.span('execute_tool t');
  expect(Math.trunc(toMs(startTime))).toBe(Date.UTC(2030, 0, 1));
  expect(duration).toEqual([1, 500_000_000]);
});

test('a test may stop the time of day alone', () => {
  vi.useFakeTimers({ now: Date.UTC(2030, 0, 1), toFake: ['Date'] });
  for (const name of names) run({ kind: 'tool', name }, () => {});
  const times = recording.spans().map(({ startTime }) => Math.trunc(toMs(startTime)));
  expect(times).toEqual(names.map(() => Date.UTC(2030, 0, 1)));
});

test('a moment of the past is told on the monotonic clock', () => {
  expect(toUptimeMs(nowMs() - 1_000)).toBeCloseTo(performance.now() - 1_000, -1);
});
