/** Routes under `/api/prices`: what models are priced by, and what a project sets of it. */
import { Hono } from 'hono';
import { priceChange, priceQuery, type PriceChange } from '../contract.ts';
import { answerFailure, ApiFailure, type FailureLog } from '../query/api-failure.ts';
import { limitBody, readJsonBody } from '../query/read-json-body.ts';
import { refuseOtherMethods } from '../query/refuse-other-methods.ts';
import { toRunScope } from '../query/run-scope.ts';
import { readQuery } from '../query/validate.ts';
import type { Reader } from '../store/read-rows.ts';
import { findFaults } from './check-overrides.ts';
import { findFreed } from './find-freed.ts';
import type { ProjectPrices } from './project-prices.ts';
import { readModels, readPriceTable } from './read-price-table.ts';

export type PriceParts = {
  readonly store: Pick<Reader, 'client'>;
  readonly prices: ProjectPrices;
  readonly log: FailureLog;
};

/** A thousand overrides, with notes. */
const maxBodyBytes = 2 * 1024 * 1024;

export function createPriceRoutes({ store, prices, log }: PriceParts): Hono {
  const app = new Hono();
  app.onError((error, c) => answerFailure(c, error, log));
  app.get('/prices', async (c) => {
    const reader = { client: store.client, signal: c.req.raw.signal };
    return c.json(await readPriceTable(reader, readQuery(c, priceQuery), prices));
  });
  app.put('/prices', limitBody(maxBodyBytes), async (c) => {
    const change = await readJsonBody(c, priceChange);
    await assertMeant(change, store, prices);
    await prices.write(change.project, change.overrides, 'api');
    const query = priceQuery.parse({ project: change.project });
    return c.json(await readPriceTable(store, query, prices));
  });
  refuseOtherMethods(app);
  return app;
}

/** @throws ApiFailure that says what to change, or what to confirm */
async function assertMeant(
  { project, overrides, confirmFree }: PriceChange,
  store: PriceParts['store'],
  prices: ProjectPrices,
): Promise<void> {
  const faults = findFaults(overrides);
  if (faults.length > 0) throw new ApiFailure('invalid_request', faults.join(' '));
  if (confirmFree) return;
  const { scope } = toRunScope({ from: 'now-30d', to: 'now', q: '' });
  const cells = await readModels(store, project, scope);
  const used = cells.map(({ keys: [provider = '', model = ''] }) => ({ provider, model }));
  const step = { before: prices.overridesOf(project), after: overrides };
  const freed = findFreed(step, prices.priceWith, used);
  if (freed.length === 0) return;
  throw new ApiFailure(
    'conflict',
    `This makes ${listNames(freed)} free, for calls that have been made and all to come. Send confirmFree: true if that is meant.`,
  );
}

function listNames(names: readonly string[]): string {
  const rest = names.length - 5;
  return names.slice(0, 5).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}
