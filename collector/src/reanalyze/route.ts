/** `POST /analyze`: has history judged again and tells how it goes, a line of JSON at a time. */
import { Hono } from 'hono';
import { analyzeRequest, type AnalyzeLine } from '../contract.ts';
import { answerFailure, ApiFailure } from '../query/api-failure.ts';
import { limitBody, readJsonBody } from '../query/read-json-body.ts';
import { readOpenRange } from '../query/read-range.ts';
import { streamLines } from '../query/stream-lines.ts';
import { reanalyzeHistory, type ReanalysisParts } from './reanalyze-history.ts';

export type AnalyzeParts = ReanalysisParts & {
  /** Aborted when the server is asked to stop: what is left is done by the next run. */
  readonly stopping: AbortSignal;
  readonly log: (message: string, error: unknown) => void;
};

const maxBodyBytes = 4_096;

export function createAnalyzeRoute(parts: AnalyzeParts): Hono {
  const app = new Hono();
  let isRunning = false;
  app.onError((error, c) => answerFailure(c, error, parts.log));
  app.post('/analyze', limitBody(maxBodyBytes), async (c) => {
    const { project: projectId, from, to } = await readJsonBody(c, analyzeRequest);
    const plan = { projectId, range: readOpenRange({ from, to }) };
    if (isRunning) {
      throw new ApiFailure('conflict', 'History is being judged already. Wait until that is done.');
    }
    isRunning = true;
    return streamLines<AnalyzeLine>(c, {
      lines: (signal) => reanalyzeHistory(plan, parts, signal),
      stopping: parts.stopping,
      toErrorLine: (error) => ({ type: 'error', message: describe(error, parts) }),
      whenOver: () => (isRunning = false),
    });
  });
  app.all('/analyze', (c) => {
    c.header('Allow', 'POST');
    throw new ApiFailure('method_not_allowed', `Use POST; ${c.req.method} is not answered here.`);
  });
  return app;
}

function describe(error: unknown, { stopping, log }: AnalyzeParts): string {
  if (stopping.aborted) return 'The server is stopping. Run it again: what is done stays done.';
  log('judging history again failed', error);
  return 'Something went wrong inside the server; its log says what. What is done stays done.';
}
