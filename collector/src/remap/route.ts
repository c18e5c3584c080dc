/** `POST /remap`: maps history again and tells how it goes, a line of JSON at a time. */
import { Hono } from 'hono';
import { remapRequest, type RemapLine, type RemapRequest } from '../contract.ts';
import { answerFailure, ApiFailure } from '../query/api-failure.ts';
import { limitBody, readJsonBody } from '../query/read-json-body.ts';
import { readOpenRange } from '../query/read-range.ts';
import { streamLines } from '../query/stream-lines.ts';
import { StoreUnavailableError } from '../store/store.ts';
import { lostLock, type HistoryLock } from './history-lock.ts';
import { remapHistory, type HistoryParts, type RemapPlan } from './remap-history.ts';

export type RemapParts = HistoryParts & {
  readonly history: HistoryLock;
  /** Aborted when the server is asked to stop: what is left is done by the next run. */
  readonly stopping: AbortSignal;
  readonly log: (message: string, error: unknown) => void;
};

const maxBodyBytes = 4_096;
/** Between two lines about a day that goes on. */
const progressMs = 1_000;

export function createRemapRoute(parts: RemapParts): Hono {
  const app = new Hono();
  app.onError((error, c) => answerFailure(c, error, parts.log));
  app.post('/remap', limitBody(maxBodyBytes), async (c) => {
    const plan = toPlan(await readJsonBody(c, remapRequest));
    const held = await parts.history.take('remap');
    return streamLines<RemapLine>(c, {
      lines: (signal) => thin(remapHistory(plan, parts, signal)),
      stopping: AbortSignal.any([parts.stopping, held.lost]),
      toErrorLine: (error) => ({
        type: 'error',
        message: held.lost.aborted ? lostLock : describe(error, parts),
      }),
      whenOver: held.release,
    });
  });
  app.all('/remap', (c) => {
    c.header('Allow', 'POST');
    throw new ApiFailure('method_not_allowed', `Use POST; ${c.req.method} is not answered here.`);
  });
  return app;
}

function toPlan({ project, from, to, dryRun }: RemapRequest): RemapPlan {
  return { projectId: project, range: readOpenRange({ from, to }), dryRun };
}

function describe(error: unknown, { stopping, log }: RemapParts): string {
  if (stopping.aborted) return 'The server is stopping. Run it again: what is done stays done.';
  log('mapping history again failed', error);
  return error instanceof StoreUnavailableError
    ? 'The store takes no rows now. Run it again later: what is done stays done.'
    : 'Something went wrong inside the server; its log says what. What is done stays done.';
}

/** Of the lines about a day the last, and before it at most one a second. */
async function* thin(lines: AsyncIterable<RemapLine>): AsyncGenerator<RemapLine> {
  let lastMs = 0;
  for await (const line of lines) {
    const isOfMany = line.type === 'progress' && !line.done;
    if (isOfMany && performance.now() - lastMs < progressMs) continue;
    lastMs = performance.now();
    yield line;
  }
}
