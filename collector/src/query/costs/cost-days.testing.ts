/** A store in which days of costs are made when a test says so, and the routes that read them. */
import type { Hono } from 'hono';
import type { Run } from '../../run.ts';
import { makeDay, readStaleDays } from '../../store/costs/make-days.ts';
import { startTestStore, type TestStore } from '../../store/testing.ts';
import { writeRuns } from '../../store/write-runs.ts';
import { createLiveFeed } from '../live-feed.ts';
import { createQueryRoutes } from '../routes.ts';
import type { InputPrices } from './list-rates.ts';

export const minute = 60_000_000_000n;
export const day = 1_440n * minute;
/** 2026-08-01 */
export const origin = 1_785_542_400_000_000_000n;

export type CostDays = {
  readonly client: TestStore['store']['client'];
  readonly app: Hono;
  /** Resolves to the version that the runs have now. */
  readonly write: (projectId: string, runs: readonly Run[]) => Promise<number>;
  /** Of all projects. */
  readonly makeDays: () => Promise<void>;
  readonly close: () => Promise<void>;
};

export async function startCostDays(inputPrices: InputPrices): Promise<CostDays> {
  const { store, close } = await startTestStore();
  const { client } = store;
  // A merge makes a day stale: here only what a test does is to.
  await client.command({ query: 'SYSTEM STOP MERGES runs' });
  let version = 0;
  let lastMade = Date.now();
  return {
    client,
    app: createQueryRoutes({
      store,
      live: createLiveFeed(),
      info: { version: '1', engine: 'embedded', authentication: false },
      readIngestHealth: () => Promise.reject(new Error('not asked here')),
      inputPrices,
    }),
    write: async (projectId, runs) => {
      version += 1;
      const owned = runs.map((run) => ({ run: { ...run, projectId }, retentionDays: 0 }));
      await writeRuns(client, owned, version);
      return version;
    },
    makeDays: async () => {
      for (const one of await readStaleDays(client, 100, 0)) {
        await makeDay(client, one, (lastMade += 1));
      }
    },
    close,
  };
}
