/** Small answers that fail alone: each part of the first page is asked for by itself. */
import type { Hono } from 'hono';
import { overviewQuery, overviewRange } from '../../contract.ts';
import type { Reader } from '../../store/read-rows.ts';
import { toReader } from '../reader.ts';
import { readQuery } from '../validate.ts';
import { answerDeploys } from './answer-deploys.ts';
import { answerFailing } from './answer-failing.ts';
import { answerHeatmap } from './answer-heatmap.ts';
import { answerSpend } from './answer-spend.ts';
import { answerStats } from './answer-stats.ts';

export function addOverviewRoutes(app: Hono, store: Reader): void {
  app.get('/overview/stats', async (c) =>
    c.json(await answerStats(toReader(store, c), readQuery(c, overviewQuery))),
  );
  app.get('/overview/spend', async (c) =>
    c.json(await answerSpend(toReader(store, c), readQuery(c, overviewQuery))),
  );
  app.get('/overview/heatmap', async (c) =>
    c.json(await answerHeatmap(toReader(store, c), readQuery(c, overviewQuery))),
  );
  app.get('/overview/failing', async (c) =>
    c.json(await answerFailing(toReader(store, c), readQuery(c, overviewRange))),
  );
  app.get('/overview/deploys', async (c) =>
    c.json(await answerDeploys(toReader(store, c), readQuery(c, overviewRange))),
  );
}
