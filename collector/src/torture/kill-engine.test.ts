/** The engine is killed under load: it is started again, and what was acknowledged meanwhile goes to it then. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { proveEmbedded } from './proof.testing.ts';
import { scale } from './scale.testing.ts';
import { startUnderLoad } from './under-load.testing.ts';

test(
  `${scale.engineKills} kills of the engine are not noticed by senders, and lose nothing`,
  { timeout: scale.limitMs },
  async () => {
    const { traffic, server, acknowledges } = await startUnderLoad();
    const readiness = async (): Promise<number> => (await fetch(`${server().url}/readyz`)).status;
    for (let kill = 0; kill < scale.engineKills; kill += 1) {
      await acknowledges(20);
      await sleep(Math.random() * 200);
      const pid = server().enginePid() ?? 0;
      process.kill(pid, 'SIGKILL');
      // Taken while there is no engine.
      await acknowledges(20);
      await expect.poll(server().enginePid, { timeout: 60_000 }).not.toBe(pid);
      await expect.poll(readiness, { timeout: 60_000 }).toBe(200);
    }
    await traffic.stop();
    expect(Object.keys(traffic.answers)).toEqual(['200']);
    await proveEmbedded(server(), traffic);
  },
);
