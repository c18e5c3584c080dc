/** There is one thread for everybody: whoever has much to do does it in turns. */
import { setImmediate } from 'node:timers/promises';

/** Long enough to get on, short enough for a health check to wait for. */
const turnMs = 20;

export type Turn = {
  readonly isOver: () => boolean;
  /** On the clock of `performance.now()`. */
  readonly endsAtMs: () => number;
  /** Lets everybody else go first, then begins the next turn. */
  readonly next: () => Promise<void>;
};

export function beginTurn(): Turn {
  let endsAt = performance.now() + turnMs;
  return {
    isOver: () => performance.now() >= endsAt,
    endsAtMs: () => endsAt,
    next: async () => {
      await setImmediate();
      endsAt = performance.now() + turnMs;
    },
  };
}
