import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type DeliveryLog, readOpenDeliveries, toDeliveryLog } from '../../store/delivery-log.ts';
import { startTestStore, type TestStore } from '../../store/testing.ts';
import type { Attempt, Delivery } from '../delivery.ts';
import { toChannel } from '../routing/routing.testing.ts';
import type { Send } from './attempt-once.ts';
import { decide } from './decide.testing.ts';
import { toDelivery } from './deliveries.testing.ts';
import { type Sender, type SenderOptions, startSender } from './sender.ts';

let started: TestStore;
let log: DeliveryLog;
let senders: Sender[] = [];
let nowMs: number;
/** `oncall firing` a message, in the order in which they were sent. */
let sent: string[];
/** `oncall Slow agents` likewise, of those that were taken. */
let told: string[];
let warnings: string[];
let answer: Send;

const delivered: Attempt = { outcome: 'delivered', status: 200 };
const failed: Attempt = {
  outcome: 'failed',
  status: 500,
  message: 'Answered 500.',
  retryAfterMs: null,
};
const hourMs = 3_600_000;
const minuteMs = 60_000;

beforeAll(async () => {
  started = await startTestStore();
  log = toDeliveryLog(started.store.client);
});
afterAll(() => started.close());
beforeEach(() => {
  nowMs = Date.now();
  sent = [];
  told = [];
  warnings = [];
  answer = async () => delivered;
});
afterEach(async () => {
  for (const sender of senders) await sender.close();
  senders = [];
  for (const table of ['alert_log', 'delivery_log'])
    await started.store.client.command({ query: `TRUNCATE TABLE ${table}` });
});

const channels = [
  toChannel({ name: 'oncall' }),
  toChannel({ name: 'mail', isFallback: true }),
  toChannel({ name: 'other' }),
];

function start(change: Partial<SenderOptions> = {}): Sender {
  const sender = startSender({
    log,
    send: async (channel, delivery, signal) => {
      sent.push(`${channel} ${delivery.message.kind}`);
      const attempt = await answer(channel, delivery, signal);
      if (attempt.outcome === 'delivered') told.push(`${channel} ${delivery.message.title}`);
      return attempt;
    },
    channelsOf: () => channels,
    now: () => nowMs,
    warn: (message) => warnings.push(message),
    ...change,
  });
  senders.push(sender);
  return sender;
}

const make = (
  change: Partial<Delivery> & { readonly id: string },
  kind: 'firing' | 'resolved' = 'firing',
): Delivery => toDelivery({ createdAtMs: nowMs, ...change }, kind, [change.id]);

async function offer(sender: Sender, deliveries: readonly Delivery[]): Promise<void> {
  await decide(started.store.client, deliveries);
  sender.offer(deliveries);
  await sender.settled();
}

async function openIds(): Promise<string[]> {
  const { deliveries } = await readOpenDeliveries(started.store.client, nowMs);
  return deliveries.map(({ id }) => id);
}

describe('a message', () => {
  test('that is offered is sent, and has its end in the store', async () => {
    const sender = start();
    await offer(sender, [make({ id: 'a' }), make({ id: 'b', sequence: 2 }, 'resolved')]);
    expect(sent).toEqual(['oncall firing', 'oncall resolved']);
    expect(await openIds()).toEqual([]);
    expect(sender.status()).toEqual({ isLoaded: true, waiting: 0, inFlight: 0, failures: [] });
  });
  test('that an earlier process left goes before what is offered now', async () => {
    const old = make({ id: 'old', createdAtMs: nowMs - 1_000 });
    await decide(started.store.client, [old]);
    let letRead: (value?: unknown) => void = () => undefined;
    const reading = new Promise((resolve) => {
      letRead = resolve;
    });
    const readOpen: DeliveryLog['readOpen'] = async (atMs) => {
      await reading;
      return log.readOpen(atMs);
    };
    const sender = start({ log: { ...log, readOpen } });
    const fresh = make({ id: 'fresh', sequence: 2 }, 'resolved');
    sender.offer([fresh]);
    expect(sender.status()).toMatchObject({ isLoaded: false, waiting: 1, inFlight: 0 });
    letRead();
    await sender.settled();
    expect(sent).toEqual(['oncall firing', 'oncall resolved']);
  });
  test('does not count before that is written: what follows waits, and it is not sent again', async () => {
    let failures = 2;
    const write: DeliveryLog['write'] = async (rows) => {
      failures -= 1;
      if (failures >= 0) throw new Error('the store is away');
      expect(sent).toHaveLength(failures === -1 ? 1 : 2);
      await log.write(rows);
    };
    const sender = start({ log: { ...log, write } });
    await offer(sender, [make({ id: 'a' }), make({ id: 'b', sequence: 2 }, 'resolved')]);
    expect(sent).toEqual(['oncall firing', 'oncall resolved']);
    expect(warnings).toHaveLength(2);
    expect(await openIds()).toEqual([]);
  });
  test('that fails is sent again when it is due, by whoever is there then', async () => {
    answer = async () => failed;
    const sender = start();
    await offer(sender, [make({ id: 'a' })]);
    await sender.close();
    const next = start();
    await next.settled();
    expect(sent).toHaveLength(1);
    nowMs += 6_000;
    answer = async () => delivered;
    await next.settled();
    expect([sent.length, await openIds()]).toEqual([2, []]);
  });
  test('is sent as soon as it is due without being asked', async () => {
    const now = (): number => Date.now();
    await decide(started.store.client, [make({ id: 'a' })]);
    const row = { projectId: 'default', channel: 'oncall', deliveryId: 'a', atMs: now() };
    const end = { attempt: 1, outcome: 'failed', status: 500, message: '' } as const;
    await log.write([{ ...row, ...end, nextAtMs: now() + 300 }]);
    start({ now });
    await expect.poll(() => sent).toEqual(['oncall firing']);
  });
});

describe('a channel', () => {
  test('that hangs is given up after its time, while others get through', async () => {
    answer = async (channel) => (channel === 'other' ? delivered : new Promise(() => undefined));
    const sender = start({ limits: { attemptMs: 100, closeMs: 1_000 } });
    await offer(sender, [
      make({ id: 'a' }),
      make({ id: 'b', channel: 'mail' }),
      make({ id: 'c', channel: 'other' }),
    ]);
    const failures = sender.status().failures.map(({ channel, error }) => `${channel}: ${error}`);
    expect(failures.toSorted()).toEqual([
      'mail: There was no answer within 0.1 s.',
      'oncall: There was no answer within 0.1 s.',
    ]);
    expect(await openIds()).toEqual(['a', 'b']);
  });
  test('that takes groups one by one has time for each ten of them', async () => {
    answer = async () => new Promise(() => undefined);
    const sender = start({ limits: { attemptMs: 100, closeMs: 1_000 } });
    const groups = Array.from({ length: 11 }, (_, index) => `group ${index}`);
    await offer(sender, [toDelivery({ id: 'many', createdAtMs: nowMs }, 'firing', groups)]);
    expect(sender.status().failures[0]?.error).toBe('There was no answer within 0.2 s.');
  });
  test.each<[string, Send]>([
    ['rejects', async () => Promise.reject(new Error('connect ECONNREFUSED'))],
    [
      'throws',
      () => {
        throw new Error('connect ECONNREFUSED');
      },
    ],
  ])('that %s has failed', async (_, send) => {
    answer = send;
    const sender = start();
    await offer(sender, [make({ id: 'a' })]);
    expect(sender.status().failures[0]?.error).toBe('connect ECONNREFUSED');
  });
  test('that is told to stop can', async () => {
    const stopped: string[] = [];
    answer = async (_, delivery, signal) => {
      await sleep(60_000, undefined, { signal }).catch(() => stopped.push(delivery.id));
      return delivered;
    };
    await offer(start({ limits: { attemptMs: 100, closeMs: 100 } }), [make({ id: 'a' })]);
    expect(stopped).toEqual(['a']);
  });
});

describe('a channel that is dead for an hour', () => {
  beforeEach(() => {
    answer = async (channel) => (channel === 'oncall' ? failed : delivered);
  });
  async function fail(): Promise<Sender> {
    const sender = start();
    await offer(sender, [make({ id: 'a' })]);
    nowMs += hourMs - 1;
    await sender.settled();
    expect(sent).not.toContain('mail meta');
    nowMs += minuteMs;
    return sender;
  }
  const metas = (): number =>
    told.filter((line) => line === 'mail Channel oncall does not deliver').length;

  test('is told to the fallback channel, once', async () => {
    const sender = await fail();
    for (let index = 0; index < 3; index += 1) {
      await sender.settled();
      nowMs += hourMs;
    }
    expect(metas()).toBe(1);
  });
  test('is told by the next process when this one did not, and never twice', async () => {
    const sender = start();
    await offer(sender, [make({ id: 'a' })]);
    await sender.close();
    expect(metas()).toBe(0);
    nowMs += hourMs + minuteMs;
    await start().settled();
    expect(metas()).toBe(1);
    await start().settled();
    expect(metas()).toBe(1);
  });
  test('is told again when it was well in between', async () => {
    const sender = await fail();
    await sender.settled();
    answer = async () => delivered;
    nowMs += 3 * hourMs;
    await sender.settled();
    expect(sender.status().failures).toEqual([]);
    answer = async (channel) => (channel === 'oncall' ? failed : delivered);
    await offer(sender, [make({ id: 'b' })]);
    nowMs += hourMs + minuteMs;
    await sender.settled();
    expect(metas()).toBe(2);
  });
  describe('and delivers again', () => {
    const ofFallback = (): string[] => told.filter((line) => line.startsWith('mail '));

    test('is told to the same fallback channel, once, after what it is the end of', async () => {
      const sender = await fail();
      await sender.settled();
      answer = async () => delivered;
      nowMs += 3 * hourMs;
      await sender.settled();
      await offer(sender, [make({ id: 'b' })]);
      expect(ofFallback()).toEqual([
        'mail Channel oncall does not deliver',
        'mail Channel oncall delivers again',
      ]);
    });
    test('is told by the next process when this one was killed before, and never twice', async () => {
      const sender = await fail();
      await sender.settled();
      nowMs += 3 * hourMs;
      // The last that this process does is to write that the one was delivered, and the other not yet.
      answer = async (channel) => (channel === 'oncall' ? delivered : failed);
      await sender.settled();
      await sender.close();
      nowMs += minuteMs;
      told = [];
      answer = async () => delivered;
      await start().settled();
      expect(ofFallback()).toEqual(['mail Channel oncall delivers again']);
      await start().settled();
      expect(ofFallback()).toHaveLength(1);
    });
    test('is not told when nobody heard that it did not', async () => {
      const sender = start();
      await offer(sender, [make({ id: 'a' })]);
      answer = async () => delivered;
      nowMs += hourMs / 2;
      await sender.settled();
      expect([sent.length, ofFallback()]).toEqual([2, []]);
      await sender.close();
      nowMs += 2 * hourMs;
      await start().settled();
      expect(ofFallback()).toEqual([]);
    });
    test('is not told where ends are not wanted', async () => {
      const unwilling = channels.map((one) => ({
        ...one,
        channel: { ...one.channel, sendResolved: false },
      }));
      const sender = start({ channelsOf: () => unwilling });
      await offer(sender, [make({ id: 'a' })]);
      nowMs += 2 * hourMs;
      await sender.settled();
      answer = async () => delivered;
      nowMs += 2 * hourMs;
      await sender.settled();
      expect(ofFallback()).toEqual(['mail Channel oncall does not deliver']);
    });
  });
  test('is nobody’s matter when it is gone', async () => {
    const sender = start({ channelsOf: () => channels.slice(1) });
    await offer(sender, [make({ id: 'a' })]);
    nowMs += 2 * hourMs;
    await sender.settled();
    expect(metas()).toBe(0);
  });
});

describe('closing', () => {
  test('waits for what is under way', async () => {
    const inTime = Promise.withResolvers<Attempt>();
    answer = () => inTime.promise;
    const sender = start();
    const a = make({ id: 'a' });
    await decide(started.store.client, [a]);
    sender.offer([a]);
    await expect.poll(() => sent).toHaveLength(1);
    const closed = sender.close();
    inTime.resolve(delivered);
    await closed;
    expect(await openIds()).toEqual([]);
  });
  test('does not wait for ever, and leaves the rest to whoever comes next', async () => {
    answer = async () => new Promise(() => undefined);
    const sender = start({ limits: { attemptMs: 60_000, closeMs: 100 } });
    const both = [make({ id: 'a' }), make({ id: 'b', sequence: 2 }, 'resolved')];
    await decide(started.store.client, both);
    sender.offer(both);
    await expect.poll(() => sent).toHaveLength(1);
    await sender.close();
    expect(await openIds()).toEqual(['a', 'b']);
  });
  test('does not wait for a store that is away', async () => {
    const readOpen = async (): Promise<never> => Promise.reject(new Error('the store is away'));
    const sender = start({ log: { ...log, readOpen } });
    sender.offer([make({ id: 'a' })]);
    await expect.poll(() => warnings.length).toBeGreaterThan(0);
    await sender.close();
    expect([sent, sender.status().isLoaded]).toEqual([[], false]);
  });
});
