/** How long a segment gathers before it is inserted. */
export type Linger = {
  /** With nothing else to do: soon enough that a person does not wait, late enough that a burst is one part. */
  readonly quietMs: number;
  readonly longestMs: number;
};

/** Of the time between inserts to one spent inserting: inserts keep at most a fifth of one core. */
const restPerInsert = 4;

export function toSealTime(
  linger: Linger,
  {
    firstCommitAtMs,
    lastInsertEndAtMs,
    lastInsertMs,
  }: {
    readonly firstCommitAtMs: number;
    readonly lastInsertEndAtMs: number;
    readonly lastInsertMs: number;
  },
): number {
  const restMs = Math.min(lastInsertMs * restPerInsert, linger.longestMs);
  const rested = lastInsertEndAtMs + restMs;
  return Math.min(
    Math.max(firstCommitAtMs + linger.quietMs, rested),
    firstCommitAtMs + Math.max(linger.longestMs, linger.quietMs),
  );
}
