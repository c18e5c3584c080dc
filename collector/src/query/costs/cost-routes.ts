import type { Hono } from 'hono';
import { costQuery, wasteQuery } from '../../contract.ts';
import type { Reader } from '../../store/read-rows.ts';
import { toReader } from '../reader.ts';
import { readQuery } from '../validate.ts';
import { answerCosts } from './answer-costs.ts';
import { answerWaste } from './answer-waste.ts';
import type { InputPrices } from './list-rates.ts';

export function addCostRoutes(app: Hono, store: Reader, prices: InputPrices): void {
  app.get('/cost', async (c) =>
    c.json(await answerCosts(toReader(store, c), readQuery(c, costQuery), prices)),
  );
  app.get('/cost/waste', async (c) =>
    c.json(await answerWaste(toReader(store, c), readQuery(c, wasteQuery), prices)),
  );
}
