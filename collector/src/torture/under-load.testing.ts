/** A server in a process of its own, and senders that never rest, until it is closed. */
import { rm } from 'node:fs/promises';
import { expect, onTestFinished } from 'vitest';
import {
  startServerProcess,
  type ServerProcess,
  type ServerProcessOptions,
} from './server-process.testing.ts';
import { createTestDataDir } from '../store/new-data-dir.testing.ts';
import { startTraffic, type Traffic, type TrafficOptions } from './traffic.testing.ts';

export type UnderLoad = {
  readonly traffic: Traffic;
  /** The one that runs now. */
  readonly server: () => ServerProcess;
  /** Once the one before is gone; senders find it by themselves. */
  readonly restart: () => Promise<ServerProcess>;
  /** Resolves when so many requests more were acknowledged. */
  readonly acknowledges: (count: number, timeoutMs?: number) => Promise<void>;
};

export type UnderLoadOptions = Partial<ServerProcessOptions> & Omit<TrafficOptions, 'url'>;

/** Ends with the test that started it, data and all. */
export async function startUnderLoad(options: UnderLoadOptions = {}): Promise<UnderLoad> {
  const folder = await createTestDataDir('orchescope-torture-');
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const start = () => startServerProcess({ dataDir: folder, ...options });
  let server = await start();
  onTestFinished(async () => {
    await server.kill('SIGKILL');
  });
  const traffic = startTraffic({ ...options, url: () => server.url });
  onTestFinished(traffic.stop);
  return {
    traffic,
    server: () => server,
    restart: async () => {
      server = await start();
      return server;
    },
    acknowledges: async (count, timeout = 30_000) => {
      const before = traffic.acknowledged();
      await expect
        .poll(() => traffic.acknowledged() - before, { timeout, interval: 5 })
        .toBeGreaterThanOrEqual(count);
    },
  };
}
