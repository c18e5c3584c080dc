/** How long after its end a window is judged: as long as most spans of a project take to arrive. */
import { readLag } from '../../store/read-lag.ts';
import type { Reader } from '../../store/read-rows.ts';

/** What arrived so long ago can be seen: the write-ahead log and analysis take 1 to 3 s. */
const leastMs = 3_000;
const mostMs = 300_000;
const keptMs = 60_000;

export type ProjectDelay = (projectId: string, nowMs: number) => Promise<number>;

/** Never rejects: without an answer the last one stands. */
export function createProjectDelay(
  reader: Reader,
  warn: (message: string, fields: Readonly<Record<string, unknown>>) => void,
): ProjectDelay {
  const known = new Map<string, { readonly delayMs: number; readonly atMs: number }>();
  return async (projectId, nowMs) => {
    const last = known.get(projectId);
    if (last !== undefined && Math.abs(nowMs - last.atMs) < keptMs) return last.delayMs;
    let delayMs = last?.delayMs ?? leastMs;
    try {
      const { p99Ms } = await readLag(reader, projectId, nowMs);
      delayMs = Math.min(Math.max(p99Ms ?? leastMs, leastMs), mostMs);
    } catch (error) {
      warn('how late spans arrive was not read', { projectId, error });
    }
    known.set(projectId, { delayMs, atMs: nowMs });
    return delayMs;
  };
}
