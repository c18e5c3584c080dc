/** A clock that the examples may wait by: hours pass in no time, and in the same order on every machine. */
export type VirtualClock = {
  /** Milliseconds since the program began. */
  now(): number;
  sleep(ms: number): Promise<void>;
};

/** Time stands still while anything runs; when all wait, it jumps to whoever wakes first. */
export function createVirtualClock(): VirtualClock {
  const sleepers: { readonly atMs: number; readonly wake: () => void }[] = [];
  let nowMs = 0;
  const wakeNext = () => {
    sleepers.sort((a, b) => a.atMs - b.atMs);
    const next = sleepers.shift();
    if (!next) return;
    nowMs = next.atMs;
    next.wake();
    if (sleepers.length > 0) setImmediate(wakeNext);
  };
  return {
    now: () => nowMs,
    sleep: (ms) =>
      new Promise((resolve) => {
        sleepers.push({ atMs: nowMs + ms, wake: resolve });
        if (sleepers.length === 1) setImmediate(wakeNext);
      }),
  };
}
