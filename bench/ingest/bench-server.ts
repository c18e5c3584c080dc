import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  readMetric,
  readProcess,
  startServerProcess,
  type ServerProcess,
} from '../../collector/src/torture/server-process.testing.ts';

export type BenchServer = {
  readonly process: ServerProcess;
  /** Processor time so far. */
  readonly cpuUs: () => Promise<{ readonly server: number; readonly engine: number }>;
  /** Resolves when all that was acknowledged can be queried; how long that took. */
  readonly drain: () => Promise<number>;
  /** Stops it as an operator does; the data stays until `remove`. */
  readonly stop: () => Promise<void>;
  readonly remove: () => Promise<void>;
};

const drainLimitMs = 300_000;

/** @param nodeOptions for a profile of the server, e.g. `--cpu-prof` */
export async function startBenchServer(nodeOptions: readonly string[] = []): Promise<BenchServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'orchescope-bench-'));
  const remove = () => rm(dataDir, { recursive: true, force: true });
  const server = await startServerProcess({ dataDir, nodeOptions }).catch(
    async (error: unknown) => {
      await remove();
      throw error;
    },
  );
  return {
    process: server,
    cpuUs: async () => ({
      server: (await readProcess(server.pid)).cpuUs,
      engine: (await readProcess(server.enginePid() ?? 0)).cpuUs,
    }),
    drain: () => drain(server.url),
    stop: async () => {
      const { code } = await server.kill('SIGTERM');
      if (code !== 0) throw new Error(`the server ended with ${code}: ${server.output()}`);
    },
    remove,
  };
}

async function drain(url: string): Promise<number> {
  const startedMs = performance.now();
  while ((await readMetric(url, 'orchescope_wal_waiting_rows')) > 0) {
    if (performance.now() - startedMs > drainLimitMs) throw new Error('the log does not drain');
    await sleep(100);
  }
  return performance.now() - startedMs;
}
