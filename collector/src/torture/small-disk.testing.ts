/** A disk that can be full: a small file system in memory where we may mount one, and elsewhere a limit on the files of a process. */
import { execFile } from 'node:child_process';
import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ServerProcess } from './server-process.testing.ts';

const run = promisify(execFile);

export type SmallDisk = {
  readonly folder: string;
  /** From now on not another byte can be written. */
  readonly fill: (server: ServerProcess) => Promise<void>;
  readonly empty: (server: ServerProcess) => Promise<void>;
  readonly remove: () => Promise<void>;
};

/** The server wants 256 MiB to spare: less than that is left once this is half full. */
const sizeMegabytes = 512;

export async function openSmallDisk(): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'orchescope-disk-'));
  const options = ['-t', 'tmpfs', '-o', `size=${sizeMegabytes}m`, 'tmpfs', folder];
  const isMounted = await run('mount', options).then(
    () => true,
    () => false,
  );
  return isMounted ? toMounted(folder) : toLimited(folder);
}

function toMounted(folder: string): SmallDisk {
  const filler = join(folder, 'filler');
  return {
    folder,
    fill: async () => {
      for (const bytes of [16 * 1024 * 1024, 64 * 1024, 4096]) await fillWith(filler, bytes);
    },
    empty: () => rm(filler),
    remove: async () => {
      await run('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function fillWith(path: string, bytes: number): Promise<void> {
  const chunk = Buffer.alloc(bytes, 1);
  for (;;) {
    try {
      await appendFile(path, chunk);
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOSPC') return;
      throw error;
    }
  }
}

/** Without the right to mount: no file may grow, which fails where a full disk does, with EFBIG for ENOSPC. */
function toLimited(folder: string): SmallDisk {
  const limit = async ({ pid, enginePid }: ServerProcess, bytes: string): Promise<void> => {
    for (const each of [pid, enginePid()]) {
      if (each !== null) await run('prlimit', ['--pid', String(each), `--fsize=${bytes}:`]);
    }
  };
  return {
    folder,
    fill: (server) => limit(server, '1'),
    empty: (server) => limit(server, 'unlimited'),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
