/**
 * Messages that wait, and which may be sent now. The messages of a rule to a channel keep their order: the first is
 * delivered or given up before the next is tried. No clock and no network: whoever sends brings both.
 */
import type { AttemptRow, ChannelFailure, OpenDeliveries } from '../../store/delivery-log.ts';
import type { Attempt, Delivery } from '../delivery.ts';
import { createChannelHealth, toChannelKey } from './channel-health.ts';
import { judgeAttempt } from './judge-attempt.ts';
import { mergeLane, type Waiting } from './merge-lane.ts';
import { boundRetryAfter } from './retry.ts';

export type DeliveryQueue = {
  /** Those that it knows, and those that had their end here, are left out. */
  readonly add: (deliveries: readonly Delivery[]) => void;
  /** What a process before this one left. */
  readonly restore: (open: OpenDeliveries) => void;
  /** Takes one that may be sent now; it comes back by `settle` or `putBack`. Null = none. */
  readonly take: (nowMs: number) => Waiting | null;
  /** What is to be written before `settle`. */
  readonly judge: (waiting: Waiting, attempt: Attempt, nowMs: number) => readonly AttemptRow[];
  readonly settle: (waiting: Waiting, attempt: Attempt, rows: readonly AttemptRow[]) => void;
  /** Nobody knows what became of it: it is tried again. */
  readonly putBack: (waiting: Waiting) => void;
  readonly inFlight: () => number;
  readonly size: () => number;
  /** When the next may be sent that is not under way; null when nothing waits. */
  readonly nextAtMs: (nowMs: number) => number | null;
  readonly failures: () => readonly ChannelFailure[];
};

/** At once: one a channel. */
const concurrency = 4;
/** Those that hang take all the time there is: one place stays free for channels that work. */
const failingConcurrency = 3;
/** What ended may be offered once more, by whoever read it before. */
const rememberedEnds = 10_000;
/** A channel that works again after so long gets at once what waits for it, not hours later. */
const longFailureMs = 30 * 60_000;

export function createDeliveryQueue(): DeliveryQueue {
  const lanes = new Map<string, Map<string, Delivery>>();
  const progress = new Map<string, { readonly attempts: number; readonly nextAtMs: number }>();
  const underWay = new Map<string, Waiting>();
  const health = createChannelHealth();
  const ended = new Set<string>();

  function add(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      const key = toLaneKey(delivery);
      const lane = lanes.get(key) ?? new Map<string, Delivery>();
      if (!ended.has(delivery.id) && !lane.has(delivery.id)) lane.set(delivery.id, delivery);
      if (lane.size > 0) lanes.set(key, lane);
    }
  }

  /** What is merged goes on where its first message stood. */
  function progressOf({ delivery, replaces }: Waiting): { attempts: number; nextAtMs: number } {
    const own = progress.get(delivery.id);
    if (own !== undefined) return own;
    const tried = replaces.map((id) => progress.get(id)).filter((known) => known !== undefined);
    return {
      attempts: Math.max(0, ...tried.map(({ attempts }) => attempts)),
      nextAtMs: Math.max(delivery.createdAtMs, ...tried.map(({ nextAtMs }) => nextAtMs)),
    };
  }

  /** The first of every lane that nothing is under way of. */
  function heads(nowMs: number): { readonly waiting: Waiting; readonly atMs: number }[] {
    return [...lanes.values()].flatMap((lane) => {
      const [any] = lane.values();
      if (any === undefined || underWay.has(toChannelKey(any))) return [];
      const [waiting] = mergeLane([...lane.values()], nowMs);
      if (waiting === undefined) return [];
      const { attempts, nextAtMs } = progressOf(waiting);
      // A new message is due at once, whatever the clock of the store was when it was made.
      const dueAtMs = attempts === 0 ? 0 : nextAtMs;
      return [{ waiting, atMs: Math.max(dueAtMs, health.pausedUntilMs(any)) }];
    });
  }

  function take(nowMs: number): Waiting | null {
    if (underWay.size >= concurrency) return null;
    const failing = [...underWay.values()].filter(isFailing).length;
    const [first] = heads(nowMs)
      .filter(({ atMs }) => atMs <= nowMs)
      .filter(({ waiting }) => !isFailing(waiting) || failing < failingConcurrency)
      .sort((a, b) => Number(isFailing(a.waiting)) - Number(isFailing(b.waiting)) || byAge(a, b));
    if (first === undefined) return null;
    underWay.set(toChannelKey(first.waiting.delivery), first.waiting);
    return first.waiting;
  }

  function isFailing({ delivery }: Waiting): boolean {
    return health.failureOf(delivery) !== null;
  }

  function settle(waiting: Waiting, attempt: Attempt, rows: readonly AttemptRow[]): void {
    const { delivery, replaces } = waiting;
    putBack(waiting);
    const [row] = rows;
    if (row === undefined) return;
    if (row.outcome === 'delivered') hasten(row);
    health.note(row, attempt.outcome === 'failed' ? boundRetryAfter(attempt.retryAfterMs) : 0);
    const { attempt: attempts, nextAtMs } = row;
    if (nextAtMs !== null) progress.set(delivery.id, { attempts, nextAtMs });
    else for (const id of [delivery.id, ...replaces]) end(delivery, id);
  }

  function hasten(row: AttemptRow): void {
    const failure = health.failureOf(row);
    if (failure === null || row.atMs - failure.failingSinceMs < longFailureMs) return;
    for (const lane of lanes.values())
      for (const delivery of lane.values()) {
        const known = progress.get(delivery.id);
        if (known !== undefined && toChannelKey(delivery) === toChannelKey(row))
          progress.set(delivery.id, { ...known, nextAtMs: row.atMs });
      }
  }

  function putBack({ delivery }: Waiting): void {
    underWay.delete(toChannelKey(delivery));
  }

  function end(delivery: Delivery, id: string): void {
    const key = toLaneKey(delivery);
    const lane = lanes.get(key);
    lane?.delete(id);
    if (lane?.size === 0) lanes.delete(key);
    progress.delete(id);
    ended.add(id);
    for (const oldest of ended) {
      if (ended.size <= rememberedEnds) break;
      ended.delete(oldest);
    }
  }

  return {
    add,
    restore: ({ deliveries, progress: known, failures }) => {
      for (const [id, one] of known) progress.set(id, one);
      health.restore(failures);
      add(deliveries);
    },
    take,
    judge: (waiting, attempt, nowMs) =>
      judgeAttempt(waiting, attempt, progressOf(waiting).attempts, nowMs),
    settle,
    putBack,
    inFlight: () => underWay.size,
    size: () => [...lanes.values()].reduce((sum, lane) => sum + lane.size, 0),
    nextAtMs: (nowMs) => heads(nowMs).reduce<number | null>(toEarlier, null),
    failures: health.failures,
  };
}

type Head = { readonly waiting: Waiting; readonly atMs: number };

function toEarlier(earliest: number | null, { atMs }: Head): number {
  return earliest === null ? atMs : Math.min(earliest, atMs);
}

function byAge(a: Head, b: Head): number {
  return a.waiting.delivery.createdAtMs - b.waiting.delivery.createdAtMs;
}

function toLaneKey({ projectId, ruleId, channel }: Delivery): string {
  return JSON.stringify([projectId, ruleId, channel]);
}
