import { expect, test } from 'vitest';
import { createPace } from './pace.ts';

const mebibyte = 1024 * 1024;
const options = { longestWaitMs: 2_000, maxSegmentBytes: 128 * mebibyte };

test('a store that was not measured yet may have all that the log holds', () => {
  const pace = createPace(options);
  expect(pace.mostWaitingBytes()).toBe(Infinity);
  expect(pace.fullSegmentBytes()).toBe(128 * mebibyte);
});

test('what may wait is what the store inserts in the longest wait', () => {
  const pace = createPace(options);
  pace.onStored(100 * mebibyte, 1_000);
  expect(pace.mostWaitingBytes() / mebibyte).toBeCloseTo(200);
  expect(pace.fullSegmentBytes() / mebibyte).toBeCloseTo(60);
});

test('a slow store gets short segments, but not tiny ones', () => {
  const pace = createPace(options);
  pace.onStored(2 * mebibyte, 1_000);
  expect(pace.mostWaitingBytes()).toBe(32 * mebibyte);
  expect(pace.fullSegmentBytes()).toBe(8 * mebibyte);
});

test('small segments say nothing about the pace', () => {
  const pace = createPace(options);
  pace.onStored(1_000, 50);
  expect(pace.mostWaitingBytes()).toBe(Infinity);
});

test('after trouble the log takes what it can, until it is short again', () => {
  const pace = createPace(options);
  pace.onStored(100 * mebibyte, 1_000);
  pace.onTrouble();
  pace.onWaiting(1_000 * mebibyte);
  expect(pace.mostWaitingBytes()).toBe(Infinity);
  pace.onWaiting(150 * mebibyte);
  expect(pace.mostWaitingBytes()).toBe(Infinity);
  pace.onWaiting(90 * mebibyte);
  expect(pace.mostWaitingBytes() / mebibyte).toBeCloseTo(200);
});

test('the pace follows the store', () => {
  const pace = createPace(options);
  pace.onStored(100 * mebibyte, 1_000);
  for (let at = 0; at < 20; at += 1) pace.onStored(40 * mebibyte, 1_000);
  expect(pace.mostWaitingBytes() / mebibyte).toBeCloseTo(80, 0);
});
