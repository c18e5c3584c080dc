/**
 * One at a time works on stored spans: rows that are mapped again have the price of before, and would hide those that are
 * priced again meanwhile. The lock dies with its holder: with the process where a store has one server, soon after it
 * where several share one.
 */
import { randomUUID } from 'node:crypto';
import { ApiFailure } from '../query/api-failure.ts';
import { createEvaluatorLease, defaultLeaseTimes } from '../store/evaluator-lease.ts';
import type { Store } from '../store/start-store.ts';

/** Who has lost it says so, and stops. */
export const lostLock =
  'The store did not answer for so long that another server may work on history. Run it again: what is done stays done.';

const jobs = { remap: 'mapped again', reprice: 'priced again' } as const;
type HistoryJob = keyof typeof jobs;

export type HistoryLock = {
  /** @throws ApiFailure that says who works on it */
  readonly take: (job: HistoryJob) => Promise<HeldLock>;
};

export type HeldLock = {
  /** Aborted when another may have it: what is not written yet must not be. */
  readonly lost: AbortSignal;
  readonly release: () => void;
};

export type HistoryLockOptions = {
  readonly store: Pick<Store, 'client' | 'engine'>;
  readonly warn: (message: string, error: unknown) => void;
  /** Of the lease between servers. */
  readonly times?: { readonly ttlMs: number; readonly renewMs: number };
};

export function createHistoryLock(options: HistoryLockOptions): HistoryLock {
  let running: HistoryJob | null = null;
  /** Of the lease that was given back last. */
  let released: Promise<void> = Promise.resolve();

  return {
    take: async (job) => {
      if (running !== null) throw toConflict(`History is being ${jobs[running]}.`);
      running = job;
      try {
        await released;
        const lease = options.store.engine === 'embedded' ? alone : await lend(options);
        return {
          lost: lease.lost,
          release: () => {
            running = null;
            released = lease.release();
          },
        };
      } catch (error) {
        running = null;
        throw error;
      }
    },
  };
}

const lookMs = 250;

type Lent = { readonly lost: AbortSignal; readonly release: () => Promise<void> };

/** The data directory has one server. */
const alone: Lent = { lost: new AbortController().signal, release: () => Promise.resolve() };

async function lend({ store, warn, times = defaultLeaseTimes }: HistoryLockOptions): Promise<Lent> {
  const holder = randomUUID();
  const lease = createEvaluatorLease({
    client: store.client,
    about: 'history',
    holder,
    exclusive: false,
    ...times,
  });
  if ((await lease.hold()) === null) {
    throw toConflict('Another server over the same store works on history.');
  }
  const lost = new AbortController();
  let isRenewing = false;
  const look = async (): Promise<void> => {
    if (lease.held() === null) lost.abort(new Error('another server may work on history now'));
    if (isRenewing || lost.signal.aborted) return;
    isRenewing = true;
    try {
      await lease.hold();
    } catch (error) {
      warn('the lock on history was not renewed', error);
    }
    isRenewing = false;
  };
  // More often than it is renewed: whoever has lost it is to know at once.
  const timer = setInterval(() => void look(), lookMs).unref();
  return {
    lost: lost.signal,
    release: async () => {
      clearInterval(timer);
      await lease
        .release()
        .catch((error: unknown) => warn('the lock on history was not given back', error));
    },
  };
}

function toConflict(who: string): ApiFailure {
  return new ApiFailure('conflict', `${who} Wait until that is done.`);
}
