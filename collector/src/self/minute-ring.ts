/** What came in each of the last minutes. */
const minuteMs = 60_000;
export const ringMinutes = 30;

export type Minute = {
  readonly records: number;
  readonly bytes: number;
  readonly requests: number;
  readonly refusedRequests: number;
  readonly rejectedRecords: number;
  /** Of refused requests: 1 each when nobody counted them. */
  readonly refusedRecords: number;
};

const nothing: Minute = {
  records: 0,
  bytes: 0,
  requests: 0,
  refusedRequests: 0,
  rejectedRecords: 0,
  refusedRecords: 0,
};

export type MinuteRing = {
  readonly add: (what: Partial<Minute>) => void;
  /** Oldest first; the last is the minute that has just begun. */
  readonly read: () => readonly Minute[];
};

export function createMinuteRing(nowMs: () => number = Date.now): MinuteRing {
  let slots: Minute[] = Array.from({ length: ringMinutes }, () => nothing);
  let newest = Math.floor(nowMs() / minuteMs);

  function turn(): void {
    const minute = Math.floor(nowMs() / minuteMs);
    // A clock that was set back leaves the ring where it is.
    const passed = Math.min(Math.max(minute - newest, 0), ringMinutes);
    if (passed === 0) return;
    slots = [...slots.slice(passed), ...Array.from({ length: passed }, () => nothing)];
    newest = minute;
  }

  return {
    add: (what) => {
      turn();
      const last = slots[ringMinutes - 1] ?? nothing;
      slots[ringMinutes - 1] = {
        records: last.records + (what.records ?? 0),
        bytes: last.bytes + (what.bytes ?? 0),
        requests: last.requests + (what.requests ?? 0),
        refusedRequests: last.refusedRequests + (what.refusedRequests ?? 0),
        rejectedRecords: last.rejectedRecords + (what.rejectedRecords ?? 0),
        refusedRecords: last.refusedRecords + (what.refusedRecords ?? 0),
      };
    },
    read: () => {
      turn();
      return [...slots];
    },
  };
}
