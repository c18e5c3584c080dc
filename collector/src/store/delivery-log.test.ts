import { afterAll, beforeAll, expect, test } from 'vitest';
import { toDelivery } from '../alerts/deliver/deliveries.testing.ts';
import type { Delivery } from '../alerts/delivery.ts';
import { type Evaluation, writeEvaluations } from './alert-log.ts';
import {
  type AttemptRow,
  readEnded,
  readOpenDeliveries,
  readRecoveries,
  writeAttempts,
} from './delivery-log.ts';
import { readChannelDeliveries, readNotifications } from './read-notifications.ts';
import { startTestStore, type TestStore } from './testing.ts';

let started: TestStore;
beforeAll(async () => {
  started = await startTestStore();
});
afterAll(() => started.close());

const nowMs = Math.floor(Date.now() / 1_000) * 1_000;
const dayMs = 86_400_000;

let tokens = 0;

async function decide(
  deliveries: readonly Delivery[],
  change: Partial<Evaluation> = {},
): Promise<void> {
  const [first] = deliveries;
  const evaluation: Evaluation = {
    projectId: first?.projectId ?? 'default',
    ruleId: first?.ruleId ?? 'slow',
    evalAtMs: first?.createdAtMs ?? nowMs,
    term: 1,
    ruleHash: '',
    state: 'firing',
    groupCount: 1,
    firingCount: 1,
    overflow: 0,
    worstGroup: '',
    worstValue: null,
    threshold: null,
    samples: 0,
    error: '',
    ruleState: null,
    events: [],
    deliveries,
    ...change,
  };
  tokens += 1;
  await writeEvaluations(started.store.client, [evaluation], `test-${tokens}`);
}

async function attempt(
  { id, projectId, channel }: Delivery,
  change: Partial<AttemptRow>,
): Promise<void> {
  const row: AttemptRow = {
    projectId,
    channel,
    deliveryId: id,
    atMs: nowMs,
    attempt: 1,
    outcome: 'failed',
    status: 500,
    message: 'Answered 500.',
    nextAtMs: nowMs + 5_000,
    ...change,
  };
  await writeAttempts(started.store.client, [row]);
}

const openOf = async (projectId: string) => {
  const open = await readOpenDeliveries(started.store.client, nowMs);
  return {
    ids: open.deliveries.filter((one) => one.projectId === projectId).map(({ id }) => id),
    progress: open.progress,
    failures: open.failures.filter((one) => one.projectId === projectId),
  };
};

test('what was decided is open, in its order, until it has an end', async () => {
  const make = (id: string, createdAtMs: number): Delivery =>
    toDelivery({ id, projectId: 'open', createdAtMs });
  const [a, b, c, d, e] = ['a', 'b', 'c', 'd', 'e'].map((id) => make(id, nowMs - 3_000)) as [
    Delivery,
    Delivery,
    Delivery,
    Delivery,
    Delivery,
  ];
  const later = make('0', nowMs - 2_000);
  await decide([later]);
  await decide([e, d, c, b, a]);
  await attempt(a, { outcome: 'delivered', status: 200, message: '', nextAtMs: null });
  await attempt(b, { outcome: 'dead', attempt: 10, nextAtMs: null });
  await attempt(c, { outcome: 'superseded', attempt: 0, nextAtMs: null });
  await attempt(d, { atMs: nowMs });
  await attempt(d, { atMs: nowMs + 5_000, attempt: 2, nextAtMs: nowMs + 300_000 });
  const open = await openOf('open');
  expect(open.ids).toEqual(['e', 'd', '0']);
  expect(open.progress.get('d')).toEqual({ attempts: 2, nextAtMs: nowMs + 300_000 });
  expect(open.progress.has('b')).toBe(false);
  expect(await readEnded(started.store.client, ['a', 'b', 'c', 'd', 'none'])).toEqual(
    new Set(['a', 'b', 'c']),
  );
});

test('what was decided is read as it was written', async () => {
  const delivery = toDelivery({ id: 'whole', projectId: "o'neill \\ 😀", createdAtMs: nowMs });
  await decide([delivery]);
  const { deliveries } = await readOpenDeliveries(started.store.client, nowMs);
  expect(deliveries.find(({ id }) => id === 'whole')).toEqual(delivery);
});

test('of two rows of one evaluation the higher term counts, whichever was written first', async () => {
  const make = (id: string): Delivery => toDelivery({ id, projectId: 'terms', createdAtMs: nowMs });
  await decide([make('high')], { term: 7 });
  await decide([make('low')], { term: 6 });
  await decide([toDelivery({ id: 'gone', projectId: 'terms', createdAtMs: nowMs - 1_000 })]);
  await decide([], { projectId: 'terms', evalAtMs: nowMs - 1_000, term: 8 });
  expect((await openOf('terms')).ids).toEqual(['high']);
});

test('one that was decided twice is open once', async () => {
  const make = (createdAtMs: number): Delivery =>
    toDelivery({ id: 'twice', projectId: 'twice', createdAtMs });
  await decide([make(nowMs - 2_000)]);
  await decide([make(nowMs - 1_000)]);
  expect((await openOf('twice')).ids).toEqual(['twice']);
});

test('what is older than eight days is nobody’s news', async () => {
  await decide([toDelivery({ id: 'old', projectId: 'old', createdAtMs: nowMs - 9 * dayMs })]);
  await decide([toDelivery({ id: 'young', projectId: 'old', createdAtMs: nowMs - 7 * dayMs })]);
  expect((await openOf('old')).ids).toEqual(['young']);
});

test('a channel fails since the first attempt that failed after one that went well', async () => {
  const make = (id: string, channel: string): Delivery =>
    toDelivery({ id, channel, projectId: 'fails', createdAtMs: nowMs - 20 * dayMs });
  const dead = make('f1', 'dead');
  const well = make('f2', 'well');
  await attempt(dead, { atMs: nowMs - 13 * dayMs });
  await attempt(dead, { atMs: nowMs - 12 * dayMs, attempt: 2, outcome: 'delivered', message: '' });
  const again = make('f3', 'dead');
  await attempt(again, { atMs: nowMs - 11 * dayMs, message: 'first' });
  await attempt(again, { atMs: nowMs - dayMs, attempt: 2, outcome: 'dead', message: 'last' });
  await attempt(well, { atMs: nowMs - 2_000 });
  await attempt(well, { atMs: nowMs - 1_000, attempt: 2, outcome: 'delivered', message: '' });
  expect((await openOf('fails')).failures).toEqual([
    { projectId: 'fails', channel: 'dead', failingSinceMs: nowMs - 11 * dayMs, error: 'last' },
  ]);
});

test('a channel delivers again since the first attempt that went well after some that failed', async () => {
  const one = toDelivery({ id: 'recovered', projectId: 'recovered' });
  const steps = [
    [0, 'failed'],
    [1, 'delivered'],
    [2, 'failed'],
    [3, 'dead'],
    [4, 'superseded'],
    [5, 'delivered'],
    [6, 'delivered'],
    [7, 'failed'],
  ] as const;
  for (const [hour, outcome] of steps)
    await attempt(one, { atMs: nowMs + hour * 3_600_000, outcome, message: `${hour}` });
  const recoveriesOf = async (atMs: number) => {
    const all = await readRecoveries(started.store.client, atMs);
    return all.filter(({ projectId }) => projectId === 'recovered');
  };
  expect(await recoveriesOf(nowMs)).toEqual([
    {
      projectId: 'recovered',
      channel: 'oncall',
      failingSinceMs: nowMs + 2 * 3_600_000,
      recoveredAtMs: nowMs + 5 * 3_600_000,
      error: '3',
    },
  ]);
  expect(await recoveriesOf(nowMs + 9 * dayMs)).toEqual([]);
});

test('the messages of an incident, as people see them', async () => {
  const make = (id: string, at: number, incidents: readonly string[]): Delivery =>
    toDelivery({ id, projectId: 'seen', createdAtMs: nowMs + at }, 'firing', incidents);
  const told = make('n1', -9_000, ['mine', 'other']);
  const others = make('n2', -8_000, ['other']);
  const given = make('n3', -7_000, ['mine']);
  const tried = make('n4', -6_000, ['mine']);
  const fresh = make('n5', -5_000, ['mine']);
  for (const delivery of [told, others, given, tried, fresh]) await decide([delivery]);
  await attempt(told, { atMs: nowMs });
  const end = { attempt: 2, atMs: nowMs + 5_000, nextAtMs: null };
  await attempt(told, { ...end, outcome: 'delivered', status: 200, message: '' });
  await attempt(given, {
    atMs: nowMs + 1_000,
    outcome: 'dead',
    status: 410,
    message: 'Gone.',
    nextAtMs: null,
  });
  await attempt(tried, {});
  const reader = { client: started.store.client };
  const query = { incidentId: 'mine', fromMs: nowMs - 10_000 };
  const common = { channel: 'oncall', kind: 'firing' };
  expect(await readNotifications(reader, 'seen', query)).toEqual([
    {
      ...common,
      id: 'n1',
      createdAtMs: nowMs - 9_000,
      state: 'delivered',
      attempts: 2,
      lastAttemptAtMs: nowMs + 5_000,
      nextAttemptAtMs: null,
      error: '',
    },
    {
      ...common,
      id: 'n3',
      createdAtMs: nowMs - 7_000,
      state: 'dead',
      attempts: 1,
      lastAttemptAtMs: nowMs + 1_000,
      nextAttemptAtMs: null,
      error: 'Gone.',
    },
    {
      ...common,
      id: 'n4',
      createdAtMs: nowMs - 6_000,
      state: 'waiting',
      attempts: 1,
      lastAttemptAtMs: nowMs,
      nextAttemptAtMs: nowMs + 5_000,
      error: 'Answered 500.',
    },
    {
      ...common,
      id: 'n5',
      createdAtMs: nowMs - 5_000,
      state: 'waiting',
      attempts: 0,
      lastAttemptAtMs: null,
      nextAttemptAtMs: nowMs - 5_000,
      error: '',
    },
  ]);
  expect(await readChannelDeliveries(reader, 'seen')).toEqual([
    {
      channel: 'oncall',
      lastDeliveredAtMs: nowMs + 5_000,
      lastErrorAtMs: nowMs + 1_000,
      lastError: 'Gone.',
      waiting: 3,
      dead: 1,
    },
  ]);
  expect(await readChannelDeliveries(reader, 'nobody')).toEqual([]);
});
