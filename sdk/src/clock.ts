/**
 * One clock for all our spans, finer than a millisecond. OpenTelemetry starts spans on `Date.now()`, where those that
 * begin within one millisecond tie and may seem to end before their children. This one is the monotonic clock of
 * `performance`, held inside the millisecond that `Date.now()` shows: it follows when the time of day is set, when the
 * machine wakes from sleep, and when a test puts a clock of its own in place.
 */
let offsetMs = performance.timeOrigin;

/** Epoch milliseconds, with a fraction. */
export const nowMs = (): number => toEpochMs(performance.now());

/** The moment of a `performance.now()` that was taken just now. */
export const toEpochMs = (uptimeMs: number): number => {
  const wallMs = Date.now();
  const epochMs = uptimeMs + offsetMs;
  return epochMs >= wallMs && epochMs < wallMs + 1 ? epochMs : corrected(uptimeMs);
};

/** On the clock of `performance.now()`, which no one sets back. */
export const toUptimeMs = (epochMs: number): number => epochMs - offsetMs;

/** Read between two readings of `performance`, so that a machine that was busy in between does not look like a new time. */
const corrected = (uptimeMs: number): number => {
  const beforeMs = performance.now();
  const wallMs = Date.now();
  const afterMs = performance.now();
  const tooLateMs = Math.max(0, beforeMs + offsetMs - (wallMs + 0.999));
  const tooEarlyMs = Math.max(0, wallMs - (afterMs + offsetMs));
  offsetMs += tooEarlyMs - tooLateMs;
  // A moment that was taken before a new time of day began is told as its beginning.
  if (tooEarlyMs > 0) return wallMs;
  return tooLateMs > 0 ? Math.max(wallMs, uptimeMs + offsetMs) : uptimeMs + offsetMs;
};
