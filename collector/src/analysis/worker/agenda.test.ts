import { expect, test } from 'vitest';
import { createAgenda } from './agenda.ts';

const a = { projectId: 'default', traceId: 'a' };
const b = { projectId: 'default', traceId: 'b' };
const other = { projectId: 'other', traceId: 'c' };
const create = () => createAgenda({ quietMs: 1_000, patienceMs: 3_000, restFactor: 20 });
const ids = (names: readonly { readonly traceId: string }[]) => names.map(({ traceId }) => traceId);

test('a trace is due once it has been quiet for a moment', () => {
  const agenda = create();
  agenda.add(a, 100, 0);
  agenda.add(a, 600, 500);
  expect(agenda.take(1_400, 9)).toEqual([]);
  expect(ids(agenda.take(1_500, 9))).toEqual(['a']);
  expect(agenda.take(9_000, 9)).toEqual([]);
});

test('a trace that is never quiet is due when patience ends', () => {
  const agenda = create();
  for (let at = 0; at <= 2_900; at += 100) agenda.add(a, at, at);
  expect(agenda.take(2_950, 9)).toEqual([]);
  expect(ids(agenda.take(3_000, 9))).toEqual(['a']);
});

test('an arrival that was heard of already is no news, a later one is', () => {
  const agenda = create();
  agenda.add(a, 100, 0);
  agenda.done(agenda.take(1_000, 9), 1, 1_000);
  agenda.add(a, 100, 1_100);
  expect(agenda.size()).toBe(0);
  agenda.add(a, 101, 1_100);
  expect(agenda.size()).toBe(1);
});

test('news during an analysis makes the trace due again', () => {
  const agenda = create();
  agenda.add(a, 100, 0);
  const taken = agenda.take(1_000, 9);
  agenda.add(a, 1_050, 1_050);
  agenda.done(taken, 10, 1_060);
  expect(ids(agenda.take(2_050, 9))).toEqual(['a']);
});

test('after a long analysis a trace rests, others do not', () => {
  const agenda = create();
  agenda.add(a, 100, 0);
  agenda.done(agenda.take(1_000, 9), 500, 1_500);
  agenda.add(a, 1_600, 1_600);
  agenda.add(b, 1_600, 1_600);
  expect(ids(agenda.take(5_000, 9))).toEqual(['b']);
  expect(ids(agenda.take(11_500, 9))).toEqual(['a']);
});

test('of what failed half is tried at a time, until the one at fault is alone and given up', () => {
  const agenda = create();
  const names = ['a', 'b', 'c', 'd', 'e'].map((traceId) => ({ projectId: 'default', traceId }));
  for (const name of names) agenda.add(name, 100, 0);
  const done: string[] = [];
  const givenUp: string[] = [];
  for (let nowMs = 1_000; agenda.size() > 0; nowMs += 1_000) {
    const taken = agenda.take(nowMs, 9);
    if (!ids(taken).includes('d')) {
      agenda.done(taken, 1, nowMs);
      done.push(...ids(taken));
    } else givenUp.push(...ids(agenda.putBack(taken, nowMs, true)));
  }
  expect(done.toSorted()).toEqual(['a', 'b', 'c', 'e']);
  expect(givenUp).toEqual(['d']);
});

test('when the store was away all is tried again together, however often', () => {
  const agenda = create();
  agenda.add(a, 100, 0);
  agenda.add(b, 100, 0);
  for (let nowMs = 1_000; nowMs < 20_000; nowMs += 1_000) {
    expect(ids(agenda.take(nowMs, 9))).toEqual(['a', 'b']);
    expect(agenda.putBack([a, b], nowMs, false)).toEqual([]);
  }
});

test('one taking is of one project and not too much', () => {
  const agenda = create();
  for (const name of [a, other, b]) agenda.add(name, 100, 0);
  expect(ids(agenda.take(2_000, 1))).toEqual(['a']);
  expect(ids(agenda.take(2_000, 9))).toEqual(['c']);
  expect(ids(agenda.take(2_000, 9))).toEqual(['b']);
});

test('progress never passes what waits or is under way', () => {
  const agenda = create();
  expect(agenda.oldestArrivalMs()).toBeNull();
  agenda.add(a, 100, 0);
  agenda.add(b, 200, 0);
  const [first] = agenda.take(1_000, 1);
  expect(agenda.oldestArrivalMs()).toBe(100);
  if (first !== undefined) agenda.done([first], 1, 1_000);
  expect(agenda.oldestArrivalMs()).toBe(200);
});

test('what was forgotten could be heard of again, but what waits is kept', () => {
  const agenda = create();
  agenda.add(a, 100, 0);
  agenda.done(agenda.take(1_000, 9), 1, 1_000);
  agenda.add(b, 150, 1_000);
  agenda.forget(1_000);
  agenda.add(a, 100, 1_000);
  agenda.add(b, 150, 1_000);
  expect(agenda.size()).toBe(2);
});
