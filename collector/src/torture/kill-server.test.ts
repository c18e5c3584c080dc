/** The server is killed at a random point under load, again and again. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { proveEmbedded } from './proof.testing.ts';
import { scale } from './scale.testing.ts';
import { startUnderLoad } from './under-load.testing.ts';

test(
  `${scale.serverKills} kills of the server lose nothing that was acknowledged and show nothing twice`,
  { timeout: scale.limitMs },
  async () => {
    const { traffic, server, restart, acknowledges } = await startUnderLoad();
    for (let kill = 0; kill < scale.serverKills; kill += 1) {
      await acknowledges(1 + Math.floor(Math.random() * 40));
      // At any point of whatever it is at.
      await sleep(Math.random() * 60);
      await server().kill('SIGKILL');
      await restart();
    }
    await traffic.stop();
    expect(traffic.acknowledged()).toBeGreaterThanOrEqual(scale.serverKills);
    await proveEmbedded(server(), traffic);
  },
);
