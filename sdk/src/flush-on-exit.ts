import type { Handle } from './init.ts';

const signals = ['SIGTERM', 'SIGINT'] as const;
const timeoutMs = 2_000;

/**
 * Sends what is waiting when the program ends: when it runs out of work, or on SIGTERM and SIGINT. The program's own
 * handlers stay in charge, and where it has none the signal ends the process as it would have without us.
 * `process.exit()` cannot be waited for: call `handle.flush()` before it.
 */
export const flushOnExit = (handle: Handle): void => {
  // `beforeExit` comes again after the flush has given the loop work; once is enough.
  process.once('beforeExit', () => void handle.flush(timeoutMs));
  for (const signal of signals) listen(signal, handle);
};

/** First in line, so that we still see the program's own `once` handlers when we count them. */
const listen = (signal: NodeJS.Signals, handle: Handle): void => {
  let flushing = false;
  const onSignal = (): void => {
    const alone = process.listenerCount(signal) === 1;
    const again = flushing;
    flushing = true;
    const flushed = again ? undefined : handle.flush(timeoutMs);
    if (!alone) return;
    if (flushed) void flushed.finally(pass);
    else pass();
  };
  const pass = (): void => {
    process.off(signal, onSignal);
    process.kill(process.pid, signal);
  };
  process.prependListener(signal, onSignal);
};
