/** A vendor's invoice against what calls cost. Nothing of it is kept unless it is asked for, and then the result alone. */
import type { Context, Hono } from 'hono';
import {
  reconcileQuery,
  reconciliation,
  reconciliationsQuery,
  type ReconcileQuery,
  type Reconciliation,
} from '../../contract.ts';
import { ApiFailure } from '../../query/api-failure.ts';
import { limitBody } from '../../query/read-json-body.ts';
import { toReader } from '../../query/reader.ts';
import { toRunScope } from '../../query/run-scope.ts';
import { readQuery } from '../../query/validate.ts';
import type { Reader } from '../../store/read-rows.ts';
import { readSettings, readVersion, writeSetting } from '../../store/settings-log.ts';
import { compare } from './compare.ts';
import { decodeText } from './decode-text.ts';
import { readComputed } from './read-computed.ts';
import { readInvoice } from './read-invoice.ts';

const area = 'reconciliations';
const maxBodyBytes = 8 * 1024 * 1024;
const mostDays = 400;
const dayMs = 86_400_000;

export function addReconcileRoutes(app: Hono, store: Pick<Reader, 'client'>): void {
  app.post('/cost/reconcile', limitBody(maxBodyBytes), async (c) => {
    const query = readQuery(c, reconcileQuery);
    const text = decodeText(await readCsvBody(c));
    const result = await reconcile(toReader(store, c), text, query);
    if (query.store === 'true') await keep(store, result);
    return c.json(result);
  });
  app.get('/cost/reconciliations', async (c) => {
    const { project } = readQuery(c, reconciliationsQuery);
    const settings = await readSettings(toReader(store, c), project, area);
    const kept = settings.flatMap(({ value }) => {
      const parsed = reconciliation.safeParse(value);
      return parsed.success ? [parsed.data] : [];
    });
    return c.json({ reconciliations: kept });
  });
}

/** A page of another origin cannot send this type without asking first, and is never allowed. */
async function readCsvBody(c: Context): Promise<Uint8Array> {
  const [type = ''] = (c.req.header('content-type') ?? '').split(';');
  if (type.trim().toLowerCase() === 'text/csv') return new Uint8Array(await c.req.arrayBuffer());
  throw new ApiFailure('invalid_request', 'Send CSV, with content-type: text/csv.');
}

async function reconcile(
  reader: Reader,
  text: string,
  query: ReconcileQuery,
): Promise<Reconciliation> {
  const invoice = readInvoice(text, query);
  const days = [...invoice.amounts.keys()].sort();
  const [from = '', to = ''] = [days[0], days.at(-1)];
  const end = Date.parse(to) + dayMs;
  if (end - Date.parse(from) > mostDays * dayMs) {
    throw new ApiFailure(
      'invalid_request',
      `The file has days from ${from} to ${to}, and ${mostDays} fit. Send it in parts.`,
    );
  }
  const range = {
    from: `${from}T00:00:00Z`,
    to: `${new Date(end).toISOString().slice(0, 10)}T00:00:00Z`,
  };
  const { scope } = toRunScope({ ...range, q: '' });
  const computed = await readComputed(reader, query.project, scope, query.provider);
  const { preset, currency, lines, problems } = invoice;
  return {
    project: query.project,
    provider: query.provider,
    preset,
    madeAt: new Date().toISOString(),
    from,
    to,
    currency,
    ...compare(invoice, computed),
    lines,
    problems: [...problems],
  };
}

/** The last one of a provider stands. */
async function keep(store: Pick<Reader, 'client'>, result: Reconciliation): Promise<void> {
  const own = { projectId: result.project, area, key: result.provider };
  const last = await readVersion(store, own);
  const change = { ...own, value: result, changedBy: 'api' };
  await writeSetting(store.client, change, Math.max(Date.now(), last + 1));
}
