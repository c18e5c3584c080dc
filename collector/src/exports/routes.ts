/** Routes under `/api/cost` that send files, and take a vendor's. */
import { Hono, type Context } from 'hono';
import { costExportQuery, type CostExportQuery } from '../contract.ts';
import { answerFailure, ApiFailure, type FailureLog } from '../query/api-failure.ts';
import { toReader } from '../query/reader.ts';
import { readQuery } from '../query/validate.ts';
import type { Reader } from '../store/read-rows.ts';
import { attach } from './attachment.ts';
import { openFile, type ExportFile, type ExportPrices } from './open-file.ts';
import { addReconcileRoutes } from './reconcile/routes.ts';

export type ExportParts = ExportPrices & {
  readonly store: Pick<Reader, 'client'>;
  readonly log: FailureLog;
};

/** Each holds a place of a reader in the store for as long as somebody takes the file. */
const mostAtOnce = 2;

const types = {
  csv: 'text/csv; charset=utf-8',
  focus: 'text/csv; charset=utf-8',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
} as const;

export function createExportRoutes(parts: ExportParts): Hono {
  const app = new Hono();
  app.onError((error, c) => answerFailure(c, error, parts.log));
  let underWay = 0;
  const whenOver = (): void => {
    underWay -= 1;
  };
  app.get('/cost/export', async (c) => {
    const query = readQuery(c, costExportQuery);
    // Nobody would take the body, or say so.
    if (c.req.raw.method === 'HEAD')
      return c.body(null, 200, { 'content-type': types[query.format] });
    if (underWay >= mostAtOnce) {
      throw new ApiFailure(
        'unavailable',
        `${mostAtOnce} files are being exported already. Try again when one is done.`,
      );
    }
    underWay += 1;
    return sendFile(c, query, parts, whenOver);
  });
  addReconcileRoutes(app, parts.store);
  return app;
}

async function sendFile(
  c: Context,
  query: CostExportQuery,
  parts: ExportParts,
  whenOver: () => void,
): Promise<Response> {
  let file: ExportFile;
  try {
    file = await openFile(toReader(parts.store, c), query, parts);
  } catch (error) {
    whenOver();
    throw error;
  }
  return attach(c, { ...file, type: types[query.format], whenOver });
}
