/** For what the store has to do: it may be away for a while, and comes back. */
import { setTimeout as sleep } from 'node:timers/promises';

const firstWaitMs = 200;
const longestWaitMs = 5_000;

/** Null when it was told to stop before it went well. */
export async function retryUntilDone<T>(
  work: () => Promise<T>,
  stop: AbortSignal,
  onFailed: (error: unknown) => void,
): Promise<T | null> {
  for (let waitMs = firstWaitMs; !stop.aborted; waitMs = Math.min(2 * waitMs, longestWaitMs)) {
    try {
      return await work();
    } catch (error) {
      if (stop.aborted) break;
      onFailed(error);
    }
    await pause(waitMs, stop);
  }
  return null;
}

async function pause(ms: number, stop: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal: stop });
  } catch {
    // Told to stop: whoever waits looks.
  }
}
