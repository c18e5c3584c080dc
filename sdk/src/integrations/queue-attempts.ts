/** An attempt that has failed and will be made again. */
export type FailedAttempt = {
  readonly traceparent: string | undefined;
  /** 1 = the first try. */
  readonly attempt: number;
  /** When the next one may begin, in epoch milliseconds; undefined where others decide it. */
  readonly readyMs: number | undefined;
};

const attemptsAtMost = 1_000;

/** Of this process: brokers keep the message as it was sent, so what failed before is known here or nowhere. */
const failed = new Map<string, FailedAttempt>();

/** `message` is whatever tells one message of the system from all others. */
export const rememberFailed = (message: string, attempt: FailedAttempt): void => {
  failed.delete(message);
  failed.set(message, attempt);
  const [oldest] = failed.keys();
  if (failed.size > attemptsAtMost && oldest !== undefined) failed.delete(oldest);
};

/** The last failed attempt at this message; asked for once. */
export const takeFailed = (message: string): FailedAttempt | undefined => {
  const before = failed.get(message);
  failed.delete(message);
  return before;
};
