/** The server is asked to stop while senders go on. */
import { expect, test } from 'vitest';
import { proveEmbedded } from './proof.testing.ts';
import { scale } from './scale.testing.ts';
import { startUnderLoad } from './under-load.testing.ts';

test(
  `asked to stop ${scale.stops} times under load it ends with 0 in time, and has lost nothing`,
  { timeout: scale.limitMs },
  async () => {
    const { traffic, server, restart, acknowledges } = await startUnderLoad({ connections: 8 });
    for (let stop = 0; stop < scale.stops; stop += 1) {
      await acknowledges(50);
      const exit = await Promise.race([
        server().kill('SIGTERM'),
        stillRunsAfter(scale.stopLimitMs),
      ]);
      expect(exit).toEqual({ code: 0, signal: null });
      await restart();
    }
    await traffic.stop();
    expect(Object.keys(traffic.answers).filter((status) => !isFair(Number(status)))).toEqual([]);
    await proveEmbedded(server(), traffic);
  },
);

/** 0: the connection was refused, as there was nobody. */
const isFair = (status: number): boolean => [0, 200, 429, 503].includes(status);

function stillRunsAfter(ms: number): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve(`still runs after ${ms} ms`), ms));
}
