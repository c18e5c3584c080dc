import type { Hono } from 'hono';
import type { IngestHealth } from '../contract.ts';

/** Of the whole server, not of a project: for whoever runs it. */
export function addIngestHealthRoute(app: Hono, readHealth: () => Promise<IngestHealth>): void {
  app.get('/ingest', async (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json(await readHealth());
  });
}
