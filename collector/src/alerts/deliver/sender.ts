/**
 * Sends messages until they are there. What was decided stands in the store before it gets here, and what became of an
 * attempt stands there before it counts: whoever is killed in between sends once more, under the same id.
 */
import type {
  AttemptRow,
  ChannelFailure,
  ChannelRecovery,
  DeliveryLog,
} from '../../store/delivery-log.ts';
import type { KnownChannel } from '../alert-settings.ts';
import type { Attempt, Delivery } from '../delivery.ts';
import { attemptOnce, type Send } from './attempt-once.ts';
import { toDeadChannelNews, toRecoveredNews } from './dead-channels.ts';
import type { Waiting } from './merge-lane.ts';
import { createDeliveryQueue } from './queue.ts';
import { retryUntilDone } from './retry-until-done.ts';

export type SenderOptions = {
  readonly log: DeliveryLog;
  /** Answers `refused` for a channel that is gone. */
  readonly send: Send;
  /** Of a project, as they are set now. */
  readonly channelsOf: (projectId: string) => readonly KnownChannel[];
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly limits?: SenderLimits;
};

export type SenderLimits = {
  /** How long a channel may take for ten groups; some take them one by one. */
  readonly attemptMs: number;
  /** How long closing may take. */
  readonly closeMs: number;
};

const defaultLimits: SenderLimits = { attemptMs: 15_000, closeMs: 5_000 };

export type SenderStatus = {
  /** False until it knows what an earlier process left. */
  readonly isLoaded: boolean;
  readonly waiting: number;
  readonly inFlight: number;
  /** Channels that have not worked since. */
  readonly failures: readonly ChannelFailure[];
};

export type Sender = {
  /** What was decided, and is stored. */
  readonly offer: (deliveries: readonly Delivery[]) => void;
  /** Looks at once what may be sent now. */
  readonly wake: () => void;
  readonly status: () => SenderStatus;
  /** Sends what may be sent now, within its limit; the rest is sent by whoever comes next. Never rejects. */
  readonly close: () => Promise<void>;
  /** Resolves when nothing is under way, and nothing may be sent now. */
  readonly settled: () => Promise<void>;
};

const groupsALimit = 10;

/** So often it looks whether a channel has been dead for long. */
const longestSleepMs = 60_000;
const shortestSleepMs = 10;

export function startSender(options: SenderOptions): Sender {
  const { log, now, warn, limits = defaultLimits } = options;
  const queue = createDeliveryQueue();
  const stopping = new AbortController();
  const runs = new Set<Promise<void>>();
  const announced = new Set<string>();
  let announcing: Promise<void> = Promise.resolve();
  let waiters: (() => void)[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isLoaded = false;
  let isClosing = false;
  // Before it knows what was left nothing is sent: an older message may have to go first.
  const loading = load();

  async function load(): Promise<void> {
    const open = await patiently('read what waits to be sent', () => log.readOpen(now()));
    if (open === null) return;
    queue.restore(open);
    isLoaded = true;
    // A process before this one may have been killed before it told of that.
    track(tellLeftRecoveries());
    wake();
  }

  async function tellLeftRecoveries(): Promise<void> {
    const left = await patiently('read which channels deliver again', () =>
      log.readRecoveries(now()),
    );
    await tellRecovered(left ?? []);
  }

  function patiently<T>(what: string, work: () => Promise<T>): Promise<T | null> {
    return retryUntilDone(work, stopping.signal, (error) =>
      warn('the store did not answer those who send alerts, trying again', { what, error }),
    );
  }

  function wake(): void {
    clearTimeout(timer);
    if (isLoaded && !stopping.signal.aborted) {
      for (let next = queue.take(now()); next !== null; next = queue.take(now())) start(next);
      announce();
      sleep();
    }
    resolveWaiters();
  }

  function start(waiting: Waiting): void {
    track(
      run(waiting).catch((error: unknown) => {
        queue.putBack(waiting);
        throw error;
      }),
    );
  }

  async function run(waiting: Waiting): Promise<void> {
    const { delivery } = waiting;
    const limitMs = limits.attemptMs * Math.ceil(delivery.message.alerts.length / groupsALimit);
    const attempt = await attemptOnce(options.send, delivery, limitMs, stopping.signal);
    const rows = attempt === null ? null : await write(waiting, attempt);
    if (attempt === null || rows === null) queue.putBack(waiting);
    else settle(waiting, attempt, rows);
    wake();
  }

  function settle(waiting: Waiting, attempt: Attempt, rows: readonly AttemptRow[]): void {
    const { projectId, channel } = waiting.delivery;
    const failure = queue
      .failures()
      .find((known) => known.projectId === projectId && known.channel === channel);
    queue.settle(waiting, attempt, rows);
    if (failure === undefined || attempt.outcome !== 'delivered') return;
    track(tellRecovered([{ ...failure, recoveredAtMs: rows[0]?.atMs ?? now() }]));
  }

  /** Null when it was told to stop before it could. */
  async function write(waiting: Waiting, attempt: Attempt): Promise<readonly AttemptRow[] | null> {
    const rows = queue.judge(waiting, attempt, now());
    return patiently('write an attempt to send', async () => {
      await log.write(rows);
      return rows;
    });
  }

  function announce(): void {
    const news = toDeadChannelNews(queue.failures(), options.channelsOf, now());
    const unheard = news.filter(({ id }) => !announced.has(id));
    if (unheard.length === 0) return;
    for (const { id } of unheard) announced.add(id);
    announcing = offerUnlessEnded(unheard);
    track(announcing);
  }

  /** A process before this one may have told of it. */
  async function offerUnlessEnded(news: readonly Delivery[]): Promise<void> {
    const ids = news.map(({ id }) => id);
    const ended = await patiently('read who knows of a dead channel', () => log.readEnded(ids));
    queue.add(ended === null ? [] : news.filter(({ id }) => !ended.has(id)));
    wake();
  }

  async function tellRecovered(recoveries: readonly ChannelRecovery[]): Promise<void> {
    const news = toRecoveredNews(recoveries, options.channelsOf);
    if (news.length === 0) return;
    await announcing;
    const ids = news.flatMap(({ delivery, begunId }) => [delivery.id, begunId]);
    const ended = await patiently('read who knows of a dead channel', () => log.readEnded(ids));
    if (ended === null) return;
    const isHeard = (id: string): boolean => ended.has(id) || announced.has(id);
    const due = news.filter(({ delivery, begunId }) => !ended.has(delivery.id) && isHeard(begunId));
    queue.add(due.map(({ delivery }) => delivery));
    wake();
  }

  function track(work: Promise<void>): void {
    const run = work
      .catch((error: unknown) => warn('sending alerts failed where it must not', { error }))
      .finally(() => {
        runs.delete(run);
        resolveWaiters();
      });
    runs.add(run);
  }

  function sleep(): void {
    const nextAtMs = queue.nextAtMs(now());
    if (isClosing || (nextAtMs === null && queue.failures().length === 0)) return;
    // What is due and was not taken waits for one that is under way, and the end of that wakes as well.
    const isTimed = nextAtMs !== null && nextAtMs > now();
    const forMs = isTimed ? Math.max(nextAtMs - now(), shortestSleepMs) : longestSleepMs;
    const boundMs = Math.min(forMs, longestSleepMs);
    timer = setTimeout(wake, boundMs).unref();
  }

  function resolveWaiters(): void {
    if (runs.size > 0 || !(isLoaded || stopping.signal.aborted)) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  }

  function settled(): Promise<void> {
    return new Promise((resolve) => {
      waiters.push(resolve);
      wake();
    });
  }

  async function close(): Promise<void> {
    isClosing = true;
    const limit = setTimeout(() => stopping.abort(), isLoaded ? limits.closeMs : 0);
    await Promise.race([settled(), once(stopping.signal)]);
    clearTimeout(limit);
    clearTimeout(timer);
    stopping.abort();
    await Promise.all([...runs, loading]);
  }

  return {
    offer: (deliveries) => {
      queue.add(deliveries);
      wake();
    },
    wake,
    status: () => ({
      isLoaded,
      waiting: queue.size(),
      inFlight: queue.inFlight(),
      failures: queue.failures(),
    }),
    close,
    settled,
  };
}

function once(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
