import { setTimeout as sleep } from 'node:timers/promises';

const pollMs = 20;
const patienceMs = 60_000;

/** Resolves when all that the collector acknowledged so far can be queried: a moment later than its answer. */
export async function untilStored(endpoint: string): Promise<void> {
  const startedMs = performance.now();
  while ((await readWaitingRows(endpoint)) > 0) {
    if (performance.now() - startedMs > patienceMs) {
      throw new Error(`wait for ${endpoint} to store what it took: rows still wait after 60 s`);
    }
    await sleep(pollMs);
  }
}

async function readWaitingRows(endpoint: string): Promise<number> {
  const response = await fetch(`${endpoint}/api/ingest`);
  const body = await response.text();
  if (!response.ok)
    throw new Error(`GET ${endpoint}/api/ingest answered ${response.status}: ${body}`);
  const { log } = JSON.parse(body) as { readonly log: { readonly waitingRows: number } };
  return log.waitingRows;
}
