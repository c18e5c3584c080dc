/** One attempt to send, which always comes to an end. */
import type { Attempt, Delivery } from '../delivery.ts';

/** May reject, and may hang: both are attempts that failed. */
export type Send = (channel: string, delivery: Delivery, signal: AbortSignal) => Promise<Attempt>;

/** Null when it was told to stop: nobody knows then whether it arrived. */
export async function attemptOnce(
  send: Send,
  delivery: Delivery,
  limitMs: number,
  stop: AbortSignal,
): Promise<Attempt | null> {
  const limit = AbortSignal.timeout(limitMs);
  const signal = AbortSignal.any([limit, stop]);
  try {
    // Not every library under a channel listens to the signal.
    return await Promise.race([send(delivery.channel, delivery, signal), rejectOnAbort(signal)]);
  } catch (error) {
    if (stop.aborted) return null;
    const message = limit.aborted
      ? `There was no answer within ${limitMs / 1000} s.`
      : toSentence(error);
    return { outcome: 'failed', status: null, message, retryAfterMs: null };
  }
}

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(new Error('stopped', { cause: signal.reason }));
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}

function toSentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
