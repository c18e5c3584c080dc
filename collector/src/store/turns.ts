/**
 * Work that has to be done in one go, such as a body becoming rows, in turns of the event loop: a dozen requests whose
 * bodies become whole at the same moment would keep everybody else waiting for the sum of them.
 */

export type Turns = {
  /** Runs the task now, or in one of the next turns when this one has been long; in the order of the calls. */
  readonly run: <T>(task: () => T) => Promise<T>;
};

/** Small bodies share a turn, of large ones each has its own. */
const turnMs = 8;

export function createTurns(nowMs: () => number = () => performance.now()): Turns {
  const waiting: (() => void)[] = [];
  let usedMs = 0;
  let isNextDue = false;
  const isOver = (): boolean => usedMs >= turnMs;

  function next(): void {
    isNextDue = false;
    usedMs = 0;
    while (!isOver()) {
      const begin = waiting.shift();
      if (begin === undefined) return;
      begin();
    }
  }

  function timed<T>(task: () => T): T {
    const startedMs = nowMs();
    try {
      return task();
    } finally {
      usedMs += nowMs() - startedMs;
      if (!isNextDue) setImmediate(next);
      isNextDue = true;
    }
  }

  function later<T>(task: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      waiting.push(() => {
        try {
          resolve(timed(task));
        } catch (error) {
          reject(error);
        }
      });
    });
  }

  const isFree = (): boolean => waiting.length === 0 && !isOver();
  return { run: async (task) => (isFree() ? timed(task) : later(task)) };
}
