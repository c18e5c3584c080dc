import {
  readProcess,
  type ServerProcess,
} from '../../collector/src/torture/server-process.testing.ts';

export type Memory = { readonly serverMb: number; readonly engineMb: number };
export type MemoryWatch = { readonly stop: () => Memory & { readonly bothMb: number } };

const everyMs = 250;
const megabyte = 1e6;

/** The most that each process held, and both at one time, from now until it is stopped. */
export function watchMemory({ pid, enginePid }: ServerProcess): MemoryWatch {
  let [serverMb, engineMb, bothMb] = [0, 0, 0];
  const look = async (): Promise<void> => {
    const [server, engine] = await Promise.all([pid, enginePid()].map(readRssMb));
    serverMb = Math.max(serverMb, server ?? 0);
    engineMb = Math.max(engineMb, engine ?? 0);
    bothMb = Math.max(bothMb, (server ?? 0) + (engine ?? 0));
  };
  const timer = setInterval(() => void look(), everyMs);
  return {
    stop: () => {
      clearInterval(timer);
      return { serverMb, engineMb, bothMb };
    },
  };
}

/** 0 when there is no such process now. */
async function readRssMb(pid: number | null): Promise<number> {
  if (pid === null) return 0;
  const { rssBytes } = await readProcess(pid).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return { rssBytes: 0 };
    throw error;
  });
  return rssBytes / megabyte;
}
