/**
 * How long the event loop was held, as processor time of its thread between two ticks of a timer: a busy machine, which
 * stops everybody now and then, does not show in it.
 */
export type Turns = {
  /** Milliseconds of the longest. */
  readonly longest: () => number;
  readonly end: () => void;
};

export function watchTurns(): Turns {
  let longest = 0;
  let last = process.threadCpuUsage();
  const timer = setInterval(() => {
    const { user, system } = process.threadCpuUsage(last);
    longest = Math.max(longest, (user + system) / 1_000);
    last = process.threadCpuUsage();
  }, 1);
  return { longest: () => longest, end: () => clearInterval(timer) };
}
