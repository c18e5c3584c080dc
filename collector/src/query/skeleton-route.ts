import type { Hono } from 'hono';
import { buildSkeleton } from '../analysis/skeleton/build-skeleton.ts';
import { traceQuery } from '../contract.ts';
import {
  readTraceBase,
  readTraceColumns,
  readTraceMarks,
  readTraceRevision,
  toTraceRevision,
} from '../store/read-skeleton.ts';
import type { Reader } from '../store/read-rows.ts';
import { ApiFailure } from './api-failure.ts';
import { toReader } from './reader.ts';
import { readQuery, readTraceId } from './validate.ts';

/** What a browser draws without falling behind. */
const maxSpans = 250_000;

export function addSkeletonRoute(app: Hono, store: Reader): void {
  app.get('/traces/:traceId/skeleton', async (c) => {
    const { project } = readQuery(c, traceQuery);
    const traceId = readTraceId(c);
    const reader = toReader(store, c);
    const base = await readTraceBase(reader, project, traceId);
    if (base === undefined)
      throw new ApiFailure('not_found', 'There is no such trace in this project.');

    // Whoever has a copy probably has this one: then the columns need not be read.
    const known = c.req.header('If-None-Match');
    if (known !== undefined) {
      const etag = toEtag(await readTraceRevision(reader, project, traceId));
      if (matches(known, etag)) return c.body(null, 304, { ETag: etag });
    }
    const [columns, marks] = await Promise.all([
      readTraceColumns(reader, project, traceId, base),
      readTraceMarks(reader, project, traceId, base),
    ]);
    const nowUnixNano = BigInt(Date.now()) * 1_000_000n;
    const skeleton = buildSkeleton({
      traceId,
      projectId: project,
      columns,
      marks,
      nowUnixNano,
      maxSpans,
    });
    c.header('ETag', toEtag(toTraceRevision(columns)));
    c.header('Cache-Control', 'no-cache');
    return c.json(skeleton);
  });
}

/** Weak: the end of a running trace moves with the clock, and that alone is no news. */
function toEtag(revision: string): string {
  return `W/"${revision}"`;
}

function matches(header: string, etag: string): boolean {
  return header.split(',').some((one) => one.trim() === etag || one.trim() === '*');
}
