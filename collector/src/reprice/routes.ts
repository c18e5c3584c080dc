/** `POST /reprice`: prices history again and tells how it goes, a line of JSON at a time. `GET`: who did so. */
import { Hono } from 'hono';
import {
  alertProjectQuery,
  repriceRequest,
  type RepriceLine,
  type RepriceRequest,
} from '../contract.ts';
import { answerFailure } from '../query/api-failure.ts';
import { limitBody, readJsonBody } from '../query/read-json-body.ts';
import { readOpenRange } from '../query/read-range.ts';
import { refuseOtherMethods } from '../query/refuse-other-methods.ts';
import { streamLines } from '../query/stream-lines.ts';
import { readQuery } from '../query/validate.ts';
import { lostLock, type HistoryLock } from '../remap/history-lock.ts';
import { repriceHistory, type RepriceHistoryParts, type RepricePlan } from './reprice-history.ts';

export type RepriceParts = RepriceHistoryParts & {
  readonly history: HistoryLock;
  /** Aborted when the server is asked to stop: what is left is done by the next run. */
  readonly stopping: AbortSignal;
  readonly log: (message: string, error: unknown) => void;
};

const maxBodyBytes = 4_096;
/** Between two lines about a day that goes on. */
const progressMs = 1_000;

export function createRepriceRoutes(parts: RepriceParts): Hono {
  const app = new Hono();
  let lastEdition = 0;
  app.onError((error, c) => answerFailure(c, error, parts.log));
  app.get('/reprice', async (c) => {
    const reader = { client: parts.store.client, signal: c.req.raw.signal };
    const { project } = readQuery(c, alertProjectQuery);
    return c.json({ repricings: await parts.repricings.list(reader, project) });
  });
  app.post('/reprice', limitBody(maxBodyBytes), async (c) => {
    const request = await readJsonBody(c, repriceRequest);
    const edition = Math.max(Math.floor(Date.now() / 1_000), lastEdition + 1);
    const plan = toPlan(request, edition);
    const held = await parts.history.take('reprice');
    lastEdition = edition;
    return streamLines<RepriceLine>(c, {
      lines: (signal) => thin(repriceHistory(plan, parts, signal)),
      stopping: AbortSignal.any([parts.stopping, held.lost]),
      toErrorLine: (error) => ({
        type: 'error',
        message: held.lost.aborted ? lostLock : describe(error, parts),
      }),
      whenOver: held.release,
    });
  });
  refuseOtherMethods(app);
  return app;
}

function toPlan({ project, from, to, dryRun }: RepriceRequest, edition: number): RepricePlan {
  const range = readOpenRange({ from, to });
  return { projectId: project, range, dryRun, edition, asked: { by: 'api', from, to } };
}

function describe(error: unknown, { stopping, log }: RepriceParts): string {
  if (stopping.aborted) return 'The server is stopping. Run it again: what is done stays done.';
  log('pricing history again failed', error);
  return 'Something went wrong inside the server; its log says what. What is done stays done.';
}

/** Of the lines about a day the last, and before it at most one a second. */
async function* thin(lines: AsyncIterable<RepriceLine>): AsyncGenerator<RepriceLine> {
  let lastMs = 0;
  for await (const line of lines) {
    const isOfMany = line.type === 'progress' && !line.done;
    if (isOfMany && performance.now() - lastMs < progressMs) continue;
    lastMs = performance.now();
    yield line;
  }
}
