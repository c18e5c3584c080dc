import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The real collector in a process of its own, on a free port, with data that leaves with it. */
export type CollectorProcess = {
  readonly pid: number;
  /** Where it listens, e.g. `http://127.0.0.1:40123`. */
  readonly endpoint: string;
  stop(): Promise<void>;
};

/** Resolves when it says that it is ready. */
export async function startCollector(): Promise<CollectorProcess> {
  const dataDir = await mkdtemp(join(tmpdir(), 'orchescope-collector-'));
  const cli = new URL('../collector/src/cli.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [cli, 'serve'], {
    env: { ...process.env, ORCHESCOPE_PORT: '0', ORCHESCOPE_DATA_DIR: dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const stop = async () => {
    child.kill('SIGTERM');
    await exited;
    await rm(dataDir, { recursive: true, force: true });
  };
  let printed = '';
  const endpoint = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const ready = /Dashboard +(http\S+)/.exec(printed);
      if (ready?.[1] !== undefined) resolve(ready[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('exit', () =>
      reject(new Error(`the collector ended before it was ready: ${printed}`)),
    );
  }).catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { pid: child.pid ?? 0, endpoint, stop };
}
