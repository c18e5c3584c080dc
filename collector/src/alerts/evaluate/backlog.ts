/** What was acknowledged and cannot be read yet: windows that lie there are judged when it can. */

export type Reached = {
  readonly asOfMs: number;
  readonly arrivedAtMs: number;
  /** Traces that wait for their turn. */
  readonly waiting: number;
};

export type BacklogParts = {
  /** Of the oldest commit that is not in the tables; 0 when there is none. */
  readonly walAgeMs: () => number;
  /** How far analysis is: of what it saw in the tables at `asOfMs`, all that was inserted until `arrivedAtMs` is done. */
  readonly reached: () => Reached;
  readonly nowMs?: () => number;
};

export type Backlog = {
  /** Spans are in the tables, of which the oldest were acknowledged then. */
  readonly inserted: (oldestMs: number) => void;
  /** How far back the present of alerts lies: 0 unless this server is behind. */
  readonly hiddenMs: () => number;
};

/** As late as runs are every day: windows are longer, so that the next one has them. */
const usualMs = 10_000;
/** Longer than that nobody is kept waiting: what can be read is judged, and the rest arrives late. */
const mostMs = 900_000;
/** That analysis has not reached; beyond it the last ones are taken for one. */
const mostInserts = 1_000;

export function createBacklog({ walAgeMs, reached, nowMs = Date.now }: BacklogParts): Backlog {
  // What a process that was killed left behind is not known before somebody has looked.
  const unseen = [{ oldestMs: 0, insertedAtMs: nowMs() }];

  function forgetSeen(atMs: number): void {
    const { asOfMs, arrivedAtMs, waiting } = reached();
    const doneMs = waiting === 0 ? asOfMs : Math.min(asOfMs, arrivedAtMs);
    for (let first = unseen[0]; first !== undefined; [first] = unseen) {
      // A clock that was set back has nobody wait for what it once said.
      first.insertedAtMs = Math.min(first.insertedAtMs, atMs);
      if (first.insertedAtMs >= doneMs) return;
      unseen.shift();
    }
  }

  return {
    inserted: (oldestMs) => {
      const last = unseen.at(-1);
      if (last !== undefined && unseen.length >= mostInserts) last.insertedAtMs = nowMs();
      else unseen.push({ oldestMs, insertedAtMs: nowMs() });
    },
    hiddenMs: () => {
      const atMs = nowMs();
      forgetSeen(atMs);
      const sinceInsertMs = atMs - (unseen[0]?.oldestMs ?? atMs);
      const hiddenMs = Math.max(walAgeMs(), sinceInsertMs);
      return hiddenMs > usualMs ? Math.min(hiddenMs, mostMs) : 0;
    },
  };
}
