import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createEvaluatorLease, type EvaluatorLease } from './evaluator-lease.ts';
import { startTestStore, type TestStore } from './testing.ts';

let started: TestStore;
beforeAll(async () => {
  started = await startTestStore();
});
afterAll(() => started.close());
beforeEach(async () => {
  const { client } = started.store;
  await client.command({ query: 'TRUNCATE TABLE evaluator_renewals' });
  // Not truncated: the tokens of its terms are remembered longer than its rows.
  const last = leaseOf('nobody', { exclusive: true });
  await last.hold();
});

const shortMs = { ttlMs: 1_000, renewMs: 50 };

function leaseOf(
  holder: string,
  options: { readonly exclusive?: boolean; readonly nowMs?: () => number } = {},
): EvaluatorLease {
  const { client } = started.store;
  return createEvaluatorLease({ client, holder, exclusive: false, ...shortMs, ...options });
}

async function holdAtLast(lease: EvaluatorLease): Promise<number> {
  for (;;) {
    const term = await lease.hold();
    if (term !== null) return term;
    await sleep(20);
  }
}

test('each start of a server that is alone takes a higher term', async () => {
  const first = await leaseOf('a', { exclusive: true }).hold();
  const second = await leaseOf('b', { exclusive: true }).hold();
  expect(second).toBe(Number(first) + 1);
});

test('of many who ask at once each term has one holder', async () => {
  const leases = Array.from({ length: 8 }, (_, at) => leaseOf(`many ${at}`));
  const holders = new Map<number, Set<number>>();
  while (holders.size < 2) {
    const terms = await Promise.all(leases.map((lease) => lease.hold()));
    for (const [at, term] of terms.entries()) {
      if (term !== null) holders.set(term, (holders.get(term) ?? new Set()).add(at));
    }
    // Whoever holds it now gives it back, so that the others ask again.
    await Promise.all(leases.map((lease) => lease.release()));
  }
  expect([...holders.values()].map(({ size }) => size)).toEqual([...holders].map(() => 1));
});

test('who renews it keeps it; who does not loses it, and learns so', async () => {
  const [a, b] = [leaseOf('keeper'), leaseOf('waiter')];
  const term = await holdAtLast(a);
  const untilMs = performance.now() + 1.5 * shortMs.ttlMs;
  while (performance.now() < untilMs) {
    expect(await a.hold()).toBe(term);
    expect(await b.hold()).toBeNull();
    await sleep(40);
  }
  expect(await holdAtLast(b)).toBe(term + 1);
  expect(a.held()).toBeNull();
  expect(await a.hold()).toBeNull();
});

test('what is given back is taken at once', async () => {
  const [a, b] = [leaseOf('giver'), leaseOf('taker')];
  const term = await holdAtLast(a);
  await a.release();
  expect(await b.hold()).toBeGreaterThan(term);
});

test('one whose own clock stood still learns from the store that it lost', async () => {
  let isStopped = false;
  const stopped = performance.now();
  const a = leaseOf('sleeper', { nowMs: () => (isStopped ? stopped : performance.now()) });
  await holdAtLast(a);
  isStopped = true;
  const b = leaseOf('awake');
  const term = await holdAtLast(b);
  isStopped = false;
  expect(await a.hold()).toBeNull();
  // A later term of its own where the machine took longer than one lasts.
  expect(await b.hold()).toBeGreaterThanOrEqual(term);
});
