/** The disk under log and tables has no byte left, and then it has. */
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { proveEmbedded } from './proof.testing.ts';
import { scale } from './scale.testing.ts';
import { openSmallDisk } from './small-disk.testing.ts';
import { startUnderLoad } from './under-load.testing.ts';

test(
  'a full disk is answered 503, ends no process, and loses nothing that was acknowledged',
  { timeout: scale.limitMs },
  async () => {
    const disk = await openSmallDisk();
    onTestFinished(disk.remove);
    const dataDir = join(disk.folder, 'data');
    const { traffic, server, acknowledges } = await startUnderLoad({ dataDir, restMs: 20 });
    const enginePid = server().enginePid();
    const refused = (): number => traffic.answers[503] ?? 0;
    for (let fill = 0; fill < scale.diskFills; fill += 1) {
      await acknowledges(20);
      const refusedBefore = refused();
      await disk.fill(server());
      await expect.poll(refused, { timeout: 20_000 }).toBeGreaterThan(refusedBefore + 20);
      expect((await fetch(`${server().url}/healthz`)).status).toBe(200);
      await disk.empty(server());
      await acknowledges(20, scale.resumeLimitMs);
    }
    expect(server().enginePid()).toBe(enginePid);
    await traffic.stop();
    expect(Object.keys(traffic.answers)).toEqual(['200', '503']);
    await proveEmbedded(server(), traffic);
  },
);
