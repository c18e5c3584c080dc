/** There is one thread for everybody: whoever has much to do does it in turns. */
import { setImmediate } from 'node:timers/promises';

/** Long enough to get on, short enough for a health check to wait for. */
const usualMs = 20;

export type Turn = {
  readonly isOver: () => boolean;
  /** On the clock of `performance.now()`. */
  readonly endsAtMs: () => number;
  /** Lets everybody else go first, then begins the next turn. */
  readonly next: () => Promise<void>;
};

export function beginTurn(turnMs: number = usualMs): Turn {
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

/** Work on so many things that it has to be cut: `work` is given one slice after the other. */
export async function inSlices(
  turn: Turn,
  count: number,
  work: (from: number, until: number) => void,
  slice = 16_384,
): Promise<void> {
  for (let from = 0; from < count; from += slice) {
    if (turn.isOver()) await turn.next();
    work(from, Math.min(count, from + slice));
  }
}
