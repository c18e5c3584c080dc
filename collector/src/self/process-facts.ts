/** What this process and the engine's use. */
import { readFile } from 'node:fs/promises';

export type ProcessFacts = {
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly cpuSeconds: number;
  /** Null on a server of one's own, while the engine restarts, and where /proc is not. */
  readonly engineRssBytes: number | null;
};

export async function readProcessFacts(enginePid: number | null): Promise<ProcessFacts> {
  const { rss, heapUsed } = process.memoryUsage();
  const { user, system } = process.cpuUsage();
  return {
    rssBytes: rss,
    heapBytes: heapUsed,
    cpuSeconds: (user + system) / 1e6,
    engineRssBytes: enginePid === null ? null : await readRss(enginePid),
  };
}

async function readRss(pid: number): Promise<number | null> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}
