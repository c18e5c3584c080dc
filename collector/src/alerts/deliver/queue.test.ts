import * as fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import type { AttemptRow, OpenDeliveries } from '../../store/delivery-log.ts';
import type { Attempt, Delivery } from '../delivery.ts';
import { toDelivery } from './deliveries.testing.ts';
import { createDeliveryQueue, type DeliveryQueue } from './queue.ts';

const secondMs = 1_000;
const minuteMs = 60_000;
const hourMs = 3_600_000;

const delivered: Attempt = { outcome: 'delivered', status: 200 };
const refused: Attempt = { outcome: 'refused', status: 400, message: 'Bad address.' };
const toFailed = (status: number | null = 500, retryAfterMs: number | null = null): Attempt => ({
  outcome: 'failed',
  status,
  message: `Answered ${status}.`,
  retryAfterMs,
});

let queue: DeliveryQueue;
beforeEach(() => {
  queue = createDeliveryQueue();
});

/** Takes the next and settles it; the rows as short lines. */
function attempt(outcome: Attempt, nowMs: number): string[] {
  const waiting = queue.take(nowMs);
  if (waiting === null) return [];
  const rows = queue.judge(waiting, outcome, nowMs);
  queue.settle(waiting, outcome, rows);
  return rows.map(({ deliveryId, outcome, attempt }) => `${deliveryId} ${outcome} ${attempt}`);
}

/** Ids of all that may be sent at once. */
function takeAll(nowMs: number): string[] {
  const taken = [];
  for (let one = queue.take(nowMs); one !== null; one = queue.take(nowMs)) taken.push(one);
  return taken.map(({ delivery }) => delivery.id);
}

const nothingOpen: OpenDeliveries = { deliveries: [], progress: new Map(), failures: [] };

describe('the order', () => {
  const first = toDelivery({ id: 'first', sequence: 1 });
  const second = toDelivery({ id: 'second', sequence: 2 }, 'resolved', ['other']);
  test('is kept within a rule and a channel', () => {
    queue.add([second, first]);
    expect(takeAll(0)).toEqual(['first']);
  });
  test('is kept while the first is tried again, for as long as that takes', () => {
    queue.add([first, second]);
    const lines: string[] = [];
    for (let nowMs = 0; nowMs < 100 * hourMs; nowMs += 10 * minuteMs)
      lines.push(...attempt(toFailed(), nowMs));
    expect(lines.slice(0, 11)).toEqual([
      ...Array.from({ length: 9 }, (_, index) => `first failed ${index + 1}`),
      'first dead 10',
      'second failed 1',
    ]);
  });
  test('is by time where a number began anew', () => {
    queue.add([
      toDelivery({ id: 'new', sequence: 1, createdAtMs: 2 }),
      toDelivery({ id: 'old', sequence: 9, createdAtMs: 1 }, 'firing', ['before']),
    ]);
    expect([attempt(delivered, 5), attempt(delivered, 5)]).toEqual([
      ['old delivered 1'],
      ['new delivered 1'],
    ]);
  });
  test('does not bind other rules, projects and channels', () => {
    queue.add([first]);
    queue.add([toDelivery({ id: 'mail', channel: 'mail' })]);
    queue.add([toDelivery({ id: 'project', projectId: 'other' })]);
    expect(takeAll(0).toSorted()).toEqual(['first', 'mail', 'project']);
  });
});

describe('at once', () => {
  const many = (count: number, prefix: string): Delivery[] =>
    Array.from({ length: count }, (_, index) =>
      toDelivery({ id: `${prefix}${index}`, channel: `${prefix}${index}` }),
    );
  test('one a channel is sent', () => {
    queue.add([toDelivery({ id: 'a', ruleId: 'a' }), toDelivery({ id: 'b', ruleId: 'b' })]);
    expect(takeAll(0)).toEqual(['a']);
  });
  test('four are sent', () => {
    queue.add(many(9, 'c'));
    expect(takeAll(0)).toHaveLength(4);
  });
  test('three of channels that fail, so that others get through', () => {
    queue.add(many(5, 'bad'));
    for (let index = 0; index < 5; index += 1) attempt(toFailed(), 0);
    expect(takeAll(hourMs)).toHaveLength(3);
    queue.add(many(1, 'good'));
    expect(takeAll(hourMs)).toEqual(['good0']);
  });
  test('those of channels that work go first', () => {
    queue.add(many(1, 'bad'));
    attempt(toFailed(), 0);
    queue.add([toDelivery({ id: 'good', channel: 'good', createdAtMs: minuteMs })]);
    expect(takeAll(hourMs)).toEqual(['good', 'bad0']);
  });
});

describe('an attempt', () => {
  beforeEach(() => queue.add([toDelivery({ id: 'a' })]));
  test.each<[string, Attempt, string]>([
    ['that went well is the end', delivered, 'a delivered 1'],
    ['that was refused is the end', refused, 'a dead 1'],
    ['that found the channel gone is the end', toFailed(410), 'a dead 1'],
    ['that failed is not', toFailed(500), 'a failed 1'],
    ['without an answer is not', toFailed(null), 'a failed 1'],
  ])('%s', (_, outcome, line) => {
    expect(attempt(outcome, 0)).toEqual([line]);
    expect(queue.size()).toBe(line.includes('failed') ? 1 : 0);
  });
  test('that failed comes again after five seconds, and not before', () => {
    attempt(toFailed(), 0);
    expect(queue.nextAtMs(0)).toBeGreaterThanOrEqual(5 * secondMs);
    expect([attempt(delivered, 4_999), attempt(delivered, 5_500)]).toEqual([[], ['a delivered 2']]);
  });
  test('of which nobody knows is made again, with the same number', () => {
    const taken = queue.take(0);
    expect(queue.take(0)).toBeNull();
    if (taken !== null) queue.putBack(taken);
    expect(attempt(delivered, 0)).toEqual(['a delivered 1']);
  });
  test('leaves rows that say all', () => {
    const taken = queue.take(7);
    expect(taken === null ? [] : queue.judge(taken, toFailed(503, 20 * secondMs), 7)).toEqual([
      {
        projectId: 'default',
        channel: 'oncall',
        deliveryId: 'a',
        atMs: 7,
        attempt: 1,
        outcome: 'failed',
        status: 503,
        message: 'Answered 503.',
        nextAtMs: 20 * secondMs + 7,
      },
    ]);
  });
});

describe('a channel', () => {
  test('that asks to be left alone is, in everything', () => {
    queue.add([toDelivery({ id: 'a', ruleId: 'a' }), toDelivery({ id: 'b', ruleId: 'b' })]);
    attempt(toFailed(429, 30 * secondMs), 0);
    expect([takeAll(29 * secondMs), takeAll(30 * secondMs)]).toEqual([[], ['a']]);
  });
  test('that asks for a week is tried in an hour', () => {
    queue.add([toDelivery({ id: 'a' })]);
    attempt(toFailed(429, 7 * 24 * hourMs), 0);
    expect([takeAll(hourMs - 1), takeAll(hourMs)]).toEqual([[], ['a']]);
  });
  test('fails since its first failure, until something gets through', () => {
    queue.add([toDelivery({ id: 'a', ruleId: 'a' })]);
    attempt(toFailed(500), 10);
    attempt(toFailed(502), hourMs);
    expect(queue.failures()).toEqual([
      { projectId: 'default', channel: 'oncall', failingSinceMs: 10, error: 'Answered 502.' },
    ]);
    queue.add([toDelivery({ id: 'b', ruleId: 'b' })]);
    attempt(delivered, hourMs);
    expect(queue.failures()).toEqual([]);
  });
  test('that works again after long gets at once what waits', () => {
    queue.add([toDelivery({ id: 'a', ruleId: 'a' })]);
    for (const nowMs of [0, 6 * secondMs, 6 * minuteMs, 40 * minuteMs]) attempt(toFailed(), nowMs);
    expect(takeAll(50 * minuteMs)).toEqual([]);
    queue.add([toDelivery({ id: 'b', ruleId: 'b' })]);
    expect(attempt(delivered, 50 * minuteMs)).toEqual(['b delivered 1']);
    expect(attempt(delivered, 50 * minuteMs)).toEqual(['a delivered 5']);
  });
});

describe('news that are old and over', () => {
  const firing = toDelivery({ id: 'firing', sequence: 1 });
  const resolved = toDelivery({ id: 'resolved', sequence: 2, createdAtMs: minuteMs }, 'resolved');
  test('are one message, which goes on where the first stood and ends them all', () => {
    queue.add([firing, resolved]);
    const lines = [];
    for (const nowMs of [0, 6 * secondMs, 6 * minuteMs]) lines.push(attempt(toFailed(), nowMs));
    const [row, ...replaced] = attempt(delivered, 61 * minuteMs);
    expect(lines).toEqual([['firing failed 1'], ['firing failed 2'], ['firing failed 3']]);
    expect(row).toMatch(/^[0-9a-f]{64} delivered 4$/);
    expect(replaced).toEqual(['firing superseded 0', 'resolved superseded 0']);
    expect(queue.size()).toBe(0);
  });
  test('leave their messages open while it fails', () => {
    queue.add([firing, resolved]);
    expect(attempt(toFailed(), 61 * minuteMs)).toHaveLength(1);
    expect(queue.size()).toBe(2);
  });
  test('are the same message after a restart', () => {
    queue.add([firing, resolved]);
    const before = queue.take(61 * minuteMs)?.delivery;
    queue = createDeliveryQueue();
    const progress = new Map([[before?.id ?? '', { attempts: 3, nextAtMs: 0 }]]);
    queue.restore({ ...nothingOpen, deliveries: [resolved, firing], progress });
    const after = queue.take(62 * minuteMs);
    expect(after?.delivery).toEqual(before);
    expect(after === null ? [] : queue.judge(after, delivered, 0)[0]?.attempt).toBe(4);
  });
});

describe('a restart', () => {
  test('goes on where the last attempt was', () => {
    const progress = new Map([['a', { attempts: 3, nextAtMs: hourMs }]]);
    queue.restore({ ...nothingOpen, deliveries: [toDelivery({ id: 'a' })], progress });
    expect([attempt(delivered, hourMs - 1), attempt(delivered, hourMs)]).toEqual([
      [],
      ['a delivered 4'],
    ]);
  });
  test('knows since when a channel fails', () => {
    const failure = { projectId: 'p', channel: 'c', failingSinceMs: 5, error: 'Gone.' };
    queue.restore({ ...nothingOpen, failures: [failure] });
    expect(queue.failures()).toEqual([failure]);
  });
  test('does not send what had its end meanwhile', () => {
    const a = toDelivery({ id: 'a' });
    queue.add([a]);
    attempt(delivered, 0);
    queue.restore({ ...nothingOpen, deliveries: [a] });
    queue.add([a]);
    expect(queue.size()).toBe(0);
  });
});

test('whatever the channels do and whoever is killed, everything has one end, in order', () => {
  const outcome = fc.constantFrom<Attempt | 'kill'>(
    delivered,
    delivered,
    toFailed(),
    refused,
    'kill',
  );
  const minutes = fc.nat({ max: 300 });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat({ max: 1 }), minutes), { maxLength: 12 }),
      fc.array(fc.tuple(outcome, minutes), { maxLength: 60 }),
      (plan, outcomes) => {
        const offered = toOffered(plan);
        const log: AttemptRow[] = [];
        play(offered, outcomes, log);
        const ends = log.filter(({ outcome }) => outcome !== 'failed');
        const known = new Set(offered.map(({ id }) => id));
        const of = ends.map(({ deliveryId }) => deliveryId).filter((id) => known.has(id));
        expect(of.toSorted()).toEqual([...known].toSorted());
        for (const channel of ['0', '1']) {
          const order = ends.filter(
            (row) => row.channel === channel && row.outcome !== 'superseded',
          );
          const places = order.map(({ deliveryId }) =>
            offered.findIndex(({ id }) => id === deliveryId),
          );
          const own = places.filter((place) => place >= 0);
          expect(own).toEqual(own.toSorted((a, b) => a - b));
        }
      },
    ),
    { numRuns: 500 },
  );
});

/** On each of two channels episodes that begin and end in turns. */
function toOffered(plan: readonly (readonly [number, number])[]): Delivery[] {
  const counts = [0, 0];
  let atMs = 0;
  return plan.map(([channel, minutes], index) => {
    const count = counts[channel] ?? 0;
    counts[channel] = count + 1;
    atMs += minutes * minuteMs;
    const change = {
      id: `${index}`,
      channel: `${channel}`,
      createdAtMs: atMs,
      sequence: count + 1,
    };
    const incident = `${channel}-${Math.floor(count / 2)}`;
    return toDelivery(change, count % 2 === 0 ? 'firing' : 'resolved', [incident]);
  });
}

/** Whoever is killed after sending knows nothing of it: the next begins from the log alone. */
function play(
  offered: readonly Delivery[],
  outcomes: readonly (readonly [Attempt | 'kill', number])[],
  log: AttemptRow[],
): void {
  let mine = createDeliveryQueue();
  mine.add(offered);
  let nowMs = 0;
  const steps = [...outcomes, ...Array.from({ length: 400 }, () => [delivered, 600] as const)];
  for (const [outcome, minutes] of steps) {
    nowMs += minutes * minuteMs;
    const waiting = mine.take(nowMs);
    if (waiting === null) continue;
    if (outcome === 'kill') {
      mine = createDeliveryQueue();
      mine.restore(toOpen(offered, log));
      continue;
    }
    const rows = mine.judge(waiting, outcome, nowMs);
    log.push(...rows);
    mine.settle(waiting, outcome, rows);
  }
}

function toOpen(offered: readonly Delivery[], log: readonly AttemptRow[]): OpenDeliveries {
  const ended = new Set(
    log.filter(({ outcome }) => outcome !== 'failed').map(({ deliveryId }) => deliveryId),
  );
  const tried = log.filter(({ deliveryId }) => !ended.has(deliveryId));
  return {
    deliveries: offered.filter(({ id }) => !ended.has(id)),
    progress: new Map(
      tried.map(({ deliveryId, attempt, nextAtMs }) => [
        deliveryId,
        { attempts: attempt, nextAtMs: nextAtMs ?? 0 },
      ]),
    ),
    failures: [],
  };
}
