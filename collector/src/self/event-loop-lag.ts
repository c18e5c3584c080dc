/** How long whoever is next in the event loop waits for it: in the last one to two minutes, in ms. */
import { monitorEventLoopDelay } from 'node:perf_hooks';

export type Lag = { readonly p99Ms: number; readonly maxMs: number };
export type EventLoopLag = { readonly read: () => Lag; readonly close: () => void };

/** Wakes the process so often: seldom enough not to be seen in the CPU of an idle server. */
const resolutionMs = 20;
const windowMs = 60_000;

export function startEventLoopLag(): EventLoopLag {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  delays.enable();
  let before: Lag = { p99Ms: 0, maxMs: 0 };
  const current = (): Lag => ({
    p99Ms: toLag(delays.percentile(99)),
    maxMs: toLag(delays.max),
  });
  const timer = setInterval(() => {
    before = current();
    delays.reset();
  }, windowMs);
  timer.unref();
  return {
    read: () => {
      const { p99Ms, maxMs } = current();
      return { p99Ms: Math.max(p99Ms, before.p99Ms), maxMs: Math.max(maxMs, before.maxMs) };
    },
    close: () => {
      clearInterval(timer);
      delays.disable();
    },
  };
}

/** What is measured is the time between two looks, in nanoseconds. */
function toLag(nanoseconds: number): number {
  return Math.max(nanoseconds / 1e6 - resolutionMs, 0);
}
