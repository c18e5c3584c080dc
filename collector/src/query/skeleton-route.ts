import type { Hono } from 'hono';
import { buildSkeleton } from '../analysis/skeleton/build-skeleton.ts';
import { traceQuery } from '../contract.ts';
import {
  readTraceBase,
  readTraceColumns,
  readTraceMarks,
  readTraceRevision,
} from '../store/read-skeleton.ts';
import type { Reader } from '../store/read-rows.ts';
import { ApiFailure } from './api-failure.ts';
import { readQuery, readTraceId } from './validate.ts';

/** What a browser draws without falling behind. */
const maxSpans = 250_000;

export function addSkeletonRoute(app: Hono, store: Reader): void {
  app.get('/traces/:traceId/skeleton', async (c) => {
    const { project } = readQuery(c, traceQuery);
    const traceId = readTraceId(c);
    const base = await readTraceBase(store, project, traceId);
    if (base === undefined)
      throw new ApiFailure('not_found', 'There is no such trace in this project.');

    const known = c.req.header('If-None-Match');
    const reading = readTraceRevision(store, project, traceId);
    // Whoever has a copy probably has this one: then the columns need not be read.
    if (known !== undefined && matches(known, toEtag(await reading))) {
      return c.body(null, 304, { ETag: toEtag(await reading) });
    }
    const [revision, columns, marks] = await Promise.all([
      reading,
      readTraceColumns(store, project, traceId, base),
      readTraceMarks(store, project, traceId, base),
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
    c.header('ETag', toEtag(revision));
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
