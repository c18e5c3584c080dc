import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { clampWindow, createTimeScale, ticksOf, zoomAt } from './time-scale.ts';

const hour = 3600e9;
const whole = { start: 0, end: 60 * hour };
const idle = {
  start: Float64Array.of(1 * hour, 20 * hour),
  end: Float64Array.of(19 * hour, 59 * hour),
};

test('without compression time is even', () => {
  const scale = createTimeScale(whole, 600, null);
  expect([scale.toPx(30 * hour), scale.toTime(300)]).toEqual([300, 30 * hour]);
});

test('a compressed gap is a narrow band and the rest has the room', () => {
  const scale = createTimeScale(whole, 656, idle);
  expect(scale.bands.map(({ px, widthPx }) => [Math.round(px), widthPx])).toEqual([
    [200, 28],
    [428, 28],
  ]);
  expect(Math.round(scale.toPx(59 * hour))).toBe(456);
});

test('pixels and times lead back to each other, in and out of bands', () => {
  const scale = createTimeScale(whole, 800, idle);
  fc.assert(
    fc.property(fc.double({ min: 0, max: 60, noNaN: true }), (hours) => {
      expect(scale.toTime(scale.toPx(hours * hour)) / hour).toBeCloseTo(hours, 6);
    }),
  );
});

test('bands never take more than half of the width', () => {
  const start = Float64Array.from({ length: 100 }, (_, i) => i * 1000);
  const scale = createTimeScale({ start: 0, end: 100_000 }, 400, {
    start,
    end: start.map((at) => at + 900),
  });
  expect(scale.bands.reduce((sum, band) => sum + band.widthPx, 0)).toBeCloseTo(200);
});

test('zooming keeps the time under the pointer where it is', () => {
  const scale = createTimeScale(whole, 600, null);
  const zoomed = createTimeScale(zoomAt(scale, 150, 0.5, whole), 600, null);
  expect(zoomed.toTime(150) / hour).toBeCloseTo(15);
  expect((zoomed.window.end - zoomed.window.start) / hour).toBeCloseTo(30);
});

test('a window stays inside the trace and is never nothing', () => {
  expect(clampWindow({ start: -5e9, end: 5e9 }, { start: 0, end: 20e9 })).toEqual({
    start: 0,
    end: 10e9,
  });
  expect(clampWindow({ start: 7, end: 7 }, { start: 0, end: 20e9 })).toEqual({
    start: 7,
    end: 1007,
  });
  expect(clampWindow({ start: 0, end: 9 }, { start: 0, end: 1 })).toEqual({ start: 0, end: 1 });
});

test('ticks are round and keep apart', () => {
  const ticks = ticksOf(createTimeScale({ start: 0, end: 43e9 }, 900, null), 90);
  expect(ticks.map(({ time }) => time / 1e9)).toEqual([0, 5, 10, 15, 20, 25, 30, 35, 40]);
});

test('no tick falls into a compressed gap', () => {
  const times = ticksOf(createTimeScale(whole, 900, idle), 60).map(({ time }) => time / hour);
  expect(times.filter((at) => (at > 1 && at < 19) || (at > 20 && at < 59))).toEqual([]);
  expect(times.length).toBeGreaterThan(2);
});
