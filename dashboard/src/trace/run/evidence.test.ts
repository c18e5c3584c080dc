import { expect, test } from 'vitest';
import { firstOf, placeInWords, showing, spansIn, stepFrom } from './evidence.ts';

const here = 'a'.repeat(32);
const there = 'b'.repeat(32);
const at = (traceId: string, spanId: string) => ({ traceId, spanId });
const evidence = {
  spans: [at(there, 's1'), at(here, 's1'), at(here, 's2')],
  spanCount: 3,
};

test('steps go round, over the traces of the run', () => {
  expect(stepFrom(evidence, at(here, 's1'), 1)).toEqual(at(here, 's2'));
  expect(stepFrom(evidence, at(here, 's2'), 1)).toEqual(at(there, 's1'));
  expect(stepFrom(evidence, at(there, 's1'), -1)).toEqual(at(here, 's2'));
});

test('from a span that is no evidence one comes in at an end', () => {
  expect(stepFrom(evidence, at(here, 's9'), 1)).toEqual(at(there, 's1'));
  expect(stepFrom(evidence, at(here, ''), -1)).toEqual(at(here, 's2'));
});

test('a finding without spans leads nowhere', () => {
  const none = { spans: [], spanCount: 0 };
  expect([stepFrom(none, at(here, 's1'), 1), firstOf(none, here)]).toEqual([null, null]);
});

test('a reader begins in the trace on screen if anything of it is there', () => {
  expect(firstOf(evidence, here)).toEqual(at(here, 's1'));
  expect(firstOf(evidence, 'c'.repeat(32))).toEqual(at(there, 's1'));
  expect(spansIn(evidence, here)).toEqual(['s1', 's2']);
});

test('the place is told, and what is left out', () => {
  expect(placeInWords(evidence, at(here, 's1'))).toBe('2 of 3');
  expect(placeInWords(evidence, at(here, 's9'))).toBe('3 spans');
  expect(placeInWords({ ...evidence, spanCount: 340 }, at(here, 's2'))).toBe('3 of 3 (340 in all)');
});

test('a span shows the findings that name it, in its own trace', () => {
  const elsewhere = { spans: [at(there, 's2')], spanCount: 1 };
  expect(showing([evidence, elsewhere], at(here, 's2'))).toEqual([evidence]);
  expect(showing([evidence, elsewhere], at(here, ''))).toEqual([]);
});
