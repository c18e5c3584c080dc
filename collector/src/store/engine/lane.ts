/** A limit on how many run at once; the others wait in order. */
export type Lane = {
  /** Resolves with the function that gives the place back. Rejects when the signal aborts while waiting. */
  readonly enter: (signal: AbortSignal) => Promise<() => void>;
};

export function createLane(width: number): Lane {
  const waiting = new Set<() => void>();
  let running = 0;

  const release = (): void => {
    running -= 1;
    const [next] = waiting;
    if (next !== undefined) next();
  };

  const enter = (signal: AbortSignal): Promise<() => void> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        waiting.delete(start);
        reject(signal.reason);
      };
      const start = (): void => {
        waiting.delete(start);
        signal.removeEventListener('abort', leave);
        running += 1;
        resolve(release);
      };
      if (signal.aborted) reject(signal.reason);
      else if (running < width) start();
      else {
        waiting.add(start);
        signal.addEventListener('abort', leave, { once: true });
      }
    });

  return { enter };
}
