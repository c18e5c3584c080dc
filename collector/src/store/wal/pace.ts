/**
 * How much may wait for a store that is well. A store that is away must not cost anybody a span, so the log takes what
 * its bound allows; but one that merely cannot keep up would only show everything later and later. Then senders are
 * told early to come again, and what was acknowledged can be seen soon.
 */

export type PaceOptions = {
  /** From the acknowledgement until the rows can be queried, as long as the store is well. */
  readonly longestWaitMs: number;
  readonly maxSegmentBytes: number;
};

export type Pace = {
  readonly onStored: (bytes: number, insertMs: number) => void;
  /** The store failed, hangs, or has an earlier run's rows to store: until the log is short again its bound alone counts. */
  readonly onTrouble: () => void;
  /** How much waits now. */
  readonly onWaiting: (bytes: number) => void;
  readonly mostWaitingBytes: () => number;
  /** A segment of this size takes a fair part of the longest wait to insert. */
  readonly fullSegmentBytes: () => number;
};

const mebibyte = 1024 * 1024;
/** Of smaller segments the time tells how long an insert takes at all. */
const tellingBytes = mebibyte;
const leastWaitingBytes = 32 * mebibyte;
const leastSegmentBytes = 8 * mebibyte;
/** Of the longest wait: one segment gathers, one is inserted, and there is some room. */
const segmentShare = 0.3;
/** Of what the last insert says against all before it. */
const newest = 0.3;

export function createPace({ longestWaitMs, maxSegmentBytes }: PaceOptions): Pace {
  let bytesPerMs: number | null = null;
  let isCatchingUp = false;

  const bytesIn = (ms: number): number => (bytesPerMs ?? Infinity) * ms;
  const most = (): number => Math.max(leastWaitingBytes, bytesIn(longestWaitMs));
  return {
    onStored: (bytes, insertMs) => {
      if (bytes < tellingBytes) return;
      const told = bytes / Math.max(1, insertMs);
      bytesPerMs = bytesPerMs === null ? told : bytesPerMs + (told - bytesPerMs) * newest;
    },
    onTrouble: () => {
      isCatchingUp = true;
    },
    onWaiting: (bytes) => {
      if (bytes < most() / 2) isCatchingUp = false;
    },
    mostWaitingBytes: () => (isCatchingUp ? Infinity : most()),
    fullSegmentBytes: () =>
      Math.min(maxSegmentBytes, Math.max(leastSegmentBytes, bytesIn(longestWaitMs * segmentShare))),
  };
}
