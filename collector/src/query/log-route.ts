import type { Hono } from 'hono';
import { logsQuery, type TraceLogs } from '../contract.ts';
import { readTraceLogs } from '../store/read-logs.ts';
import type { Reader } from '../store/read-rows.ts';
import { toLogEntry } from './log-entry.ts';
import { toReader } from './reader.ts';
import { readQuery, readTraceId } from './validate.ts';

export function addLogRoute(app: Hono, store: Reader): void {
  app.get('/traces/:traceId/logs', async (c) => {
    const { project, limit } = readQuery(c, logsQuery);
    const page = await readTraceLogs(toReader(store, c), project, readTraceId(c), limit);
    const answer: TraceLogs = { logs: page.records.map(toLogEntry), hasOlder: page.hasOlder };
    return c.json(answer);
  });
}
