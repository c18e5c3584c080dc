import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertRule } from '../../contract.ts';
import { oneSpan } from '../../store/span-arbitrary.ts';
import { startTestStore, storeSpans, type TestStore } from '../../store/testing.ts';
import type { Instance } from '../instance.ts';
import { hashOfRule } from '../settings/hash-of-rule.ts';
import { newInstance } from '../state/instance-steps.ts';
import { toTimedRule } from '../timed-rule.ts';
import type { Look } from './due.ts';
import { createLateData } from './late-data.ts';
import { createProjectDelay } from './project-delay.ts';

let opened: TestStore;
const warnings: string[] = [];
const warn = (message: string): void => void warnings.push(message);

/** It fired five minutes ago, over the spans of the minute before. */
const nowMs = Math.floor(Date.now() / 1_000) * 1_000;
const firedMs = nowMs - 300_000;

beforeAll(async () => {
  opened = await startTestStore();
  const endedMs = firedMs - 30_000;
  const startTimeUnixNano = BigInt(endedMs - 1_000) * 1_000_000n;
  const endTimeUnixNano = BigInt(endedMs) * 1_000_000n;
  // They arrive now.
  await storeSpans(opened, [{ ...oneSpan, projectId: 'shop', startTimeUnixNano, endTimeUnixNano }]);
});
afterAll(() => opened.close());

const rule = alertRule.parse({
  id: 'loops',
  title: 'Loops',
  metric: 'loop_rate',
  window: '1m',
  condition: { type: 'threshold', alert: 0.05 },
});

function lookAt(projectId: string, atMs: number): Look {
  const made = { origin: 'api', file: '', changedAtMs: null, changedBy: '' } as const;
  const window = { fromMs: atMs - 63_000, toMs: atMs - 3_000 };
  const known = { rule, hash: hashOfRule(rule), ...made };
  return { projectId, known, timed: toTimedRule(rule), atMs, window, watched: [] };
}

function firing(): Instance {
  const at = { fingerprint: 'f', group: '', atMs: firedMs, previousAtMs: null };
  const episode = { id: 'e', startedAtMs: firedMs, firstValue: 1, worstValue: 1, threshold: 0.05 };
  return { ...newInstance(at), core: 'firing', episode };
}

test('an incident whose window was not whole when it was judged says so, once', async () => {
  const lateEvents = createLateData(opened.store, warn);
  const events = await lateEvents(lookAt('shop', nowMs), [firing()]);
  expect(events).toMatchObject([{ kind: 'late_data', atMs: nowMs, episode: { id: 'e' } }]);
  expect(await lateEvents(lookAt('shop', nowMs + 60_000), [firing()])).toEqual([]);
  expect(warnings).toEqual([]);
});

test('it says so too when it is over by then', async () => {
  const lateEvents = createLateData(opened.store, warn);
  expect(await lateEvents(lookAt('shop', firedMs), [firing()])).toEqual([]);
  expect(await lateEvents(lookAt('shop', nowMs), [])).toHaveLength(1);
});

test('an incident of a window that was whole says nothing', async () => {
  const lateEvents = createLateData(opened.store, warn);
  expect(await lateEvents(lookAt('other', nowMs), [firing()])).toEqual([]);
});

test('a project whose spans arrive late is judged later, at most by five minutes', async () => {
  const delayOf = createProjectDelay(opened.store, warn);
  expect(await delayOf('shop', nowMs + 1_000)).toBe(300_000);
  expect(await delayOf('other', nowMs)).toBe(3_000);
});
