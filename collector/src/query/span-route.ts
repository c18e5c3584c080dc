import type { Hono } from 'hono';
import { traceQuery } from '../contract.ts';
import { readSpanLogs } from '../store/read-logs.ts';
import { readSpan } from '../store/read-span.ts';
import type { Reader } from '../store/read-rows.ts';
import { ApiFailure } from './api-failure.ts';
import { toReader } from './reader.ts';
import { toSpanDetail } from './span-detail.ts';
import { readQuery, readSpanId, readTraceId } from './validate.ts';

/** A conversation of so many messages can be one record each. */
const maxLogs = 1_000;

export function addSpanRoute(app: Hono, store: Reader): void {
  app.get('/traces/:traceId/spans/:spanId', async (c) => {
    const { project } = readQuery(c, traceQuery);
    const reader = toReader(store, c);
    const span = await readSpan(reader, project, readTraceId(c), readSpanId(c));
    if (span === undefined)
      throw new ApiFailure('not_found', 'There is no such span in this trace.');
    const logs = await readSpanLogs(reader, project, span, maxLogs);
    return c.json(toSpanDetail(span, logs));
  });
}
