/**
 * Which traces have to be analysed, and when. A trace waits until it has been quiet for a moment, since most runs send
 * their spans in a few batches; one that never is quiet is analysed all the same, the more seldom the longer that takes.
 * Pure: times are milliseconds of the store's clock, and the caller's.
 */

export type TraceName = { readonly projectId: string; readonly traceId: string };

export type AgendaOptions = {
  /** Without news for so long, a trace is due. */
  readonly quietMs: number;
  /** With news all the time, it is due after so long. */
  readonly patienceMs: number;
  /** An analysis that took long is not repeated before so many times as long have passed. */
  readonly restFactor: number;
};

export const defaultAgendaOptions: AgendaOptions = {
  quietMs: 1_000,
  patienceMs: 3_000,
  restFactor: 4,
};

type Entry = TraceName & {
  readonly firstArrivalMs: number;
  /** By the clock of the caller. */
  readonly sinceMs: number;
  newsMs: number;
  /** How many may be taken with it: halved with each failure, until the one at fault is alone. */
  readonly company: number;
  /** Times it failed alone. */
  readonly failures: number;
};

/** What failed alone so often is given up: it would keep all others from their turn. */
const maxFailures = 3;

export type Agenda = {
  /** The arrival is heard of now; one that is known already is no news. */
  readonly add: (name: TraceName, arrivedAtMs: number, nowMs: number) => void;
  /** Those that are due, longest waiting first, at most `most` of one project. */
  readonly take: (nowMs: number, most: number) => readonly TraceName[];
  /** What was taken is done. */
  readonly done: (names: readonly TraceName[], tookMs: number, nowMs: number) => void;
  /**
   * What was taken could not be done: it is due again after a while, half of it at a time when something in it is at
   * `fault`, as it was when the store was away. Answers those that have failed too often, which are given up.
   */
  readonly putBack: (
    names: readonly TraceName[],
    nowMs: number,
    fault: boolean,
  ) => readonly TraceName[];
  readonly size: () => number;
  /** All that arrived before was analysed; null when nothing waits. */
  readonly oldestArrivalMs: () => number | null;
  /** Forgets arrivals before this time: they will not be heard of again. */
  readonly forget: (beforeMs: number) => void;
};

export function createAgenda(options: AgendaOptions = defaultAgendaOptions): Agenda {
  const waiting = new Map<string, Entry>();
  const taken = new Map<string, Entry>();
  const restUntil = new Map<string, number>();
  /** The last arrival of each trace that was heard of: arrivals are read again and again. */
  const heard = new Map<string, number>();

  const add: Agenda['add'] = (name, arrivedAtMs, nowMs) => {
    const key = toKey(name);
    if ((heard.get(key) ?? -1) >= arrivedAtMs) return;
    heard.set(key, arrivedAtMs);
    const known = waiting.get(key);
    if (known !== undefined) known.newsMs = nowMs;
    else {
      const times = { firstArrivalMs: arrivedAtMs, sinceMs: nowMs, newsMs: nowMs };
      waiting.set(key, { ...name, ...times, company: Number.POSITIVE_INFINITY, failures: 0 });
    }
  };

  const isDue = (key: string, entry: Entry, nowMs: number): boolean => {
    if (nowMs < (restUntil.get(key) ?? 0)) return false;
    const { quietMs, patienceMs } = options;
    return nowMs - entry.newsMs >= quietMs || nowMs - entry.sinceMs >= patienceMs;
  };

  const take: Agenda['take'] = (nowMs, most) => {
    const names: Entry[] = [];
    let room = most;
    for (const [key, entry] of waiting) {
      if (names.length >= room) break;
      // Those that failed together are tried with others of their kind: they would take the rest with them again.
      if (names.length > 0 && !isAlike(entry, names[0])) continue;
      if (!isDue(key, entry, nowMs)) continue;
      names.push(entry);
      room = Math.min(room, entry.company);
    }
    for (const entry of names) {
      waiting.delete(toKey(entry));
      taken.set(toKey(entry), entry);
    }
    return names;
  };

  const done: Agenda['done'] = (names, tookMs, nowMs) => {
    const restMs = tookMs * options.restFactor;
    for (const name of names) {
      taken.delete(toKey(name));
      // Most analyses take less than a moment, and need no rest.
      if (restMs > options.quietMs) restUntil.set(toKey(name), nowMs + restMs);
    }
  };

  const putBack: Agenda['putBack'] = (names, nowMs, fault) => {
    const half = Math.ceil(names.length / 2);
    const givenUp: TraceName[] = [];
    for (const name of names) {
      const key = toKey(name);
      const entry = taken.get(key);
      taken.delete(key);
      if (entry === undefined) continue;
      const failures = entry.failures + Number(fault && names.length === 1);
      const company = fault ? Math.min(entry.company, half) : entry.company;
      if (failures >= maxFailures) givenUp.push(name);
      else waiting.set(key, { ...entry, sinceMs: nowMs, newsMs: nowMs, company, failures });
    }
    return givenUp;
  };

  const oldestArrivalMs = (): number | null => {
    let oldest: number | null = null;
    for (const entries of [waiting, taken]) {
      for (const { firstArrivalMs } of entries.values()) {
        if (oldest === null || firstArrivalMs < oldest) oldest = firstArrivalMs;
      }
    }
    return oldest;
  };

  const forget: Agenda['forget'] = (beforeMs) => {
    for (const [key, arrivedAtMs] of heard) {
      if (arrivedAtMs >= beforeMs || waiting.has(key) || taken.has(key)) continue;
      heard.delete(key);
      restUntil.delete(key);
    }
  };

  const size = (): number => waiting.size + taken.size;
  return { add, take, done, putBack, size, oldestArrivalMs, forget };
}

function isAlike(entry: Entry, first: Entry | undefined): boolean {
  return entry.projectId === first?.projectId && entry.company === first.company;
}

function toKey({ projectId, traceId }: TraceName): string {
  return `${traceId}${projectId}`;
}
