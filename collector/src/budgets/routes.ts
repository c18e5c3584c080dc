/** Routes under `/api/budgets`: how budgets stand, what people set, and whether an orchestrator may spend. */
import { Hono } from 'hono';
import {
  alertProjectQuery,
  budgetChange,
  budgetCheckQuery,
  type Budget,
  type BudgetCheck,
  type BudgetCheckQuery,
  type BudgetList,
} from '../contract.ts';
import { answerFailure, ApiFailure } from '../query/api-failure.ts';
import { limitBody, readJsonBody } from '../query/read-json-body.ts';
import { refuseOtherMethods } from '../query/refuse-other-methods.ts';
import { toRunConditions } from '../query/run-filter.ts';
import { readQuery } from '../query/validate.ts';
import type { BudgetStore } from './budget-store.ts';
import { checkBudgets, fits } from './check-budget.ts';
import { toDay } from './days.ts';

export type BudgetParts = {
  readonly budgets: BudgetStore;
  /** Called when something was set: the rules of alerting are made of it. */
  readonly changed: (projectId: string) => void;
  readonly log: (message: string, error: unknown) => void;
};

const maxBodyBytes = 65_536;
const mostBudgets = 500;

export function createBudgetRoutes({ budgets, changed, log }: BudgetParts): Hono {
  const app = new Hono();
  app.onError((error, c) => answerFailure(c, error, log));
  const list = async (projectId: string): Promise<BudgetList> => {
    const all = await budgets.list(projectId);
    return { budgets: await Promise.all(all.map((budget) => budgets.status(projectId, budget))) };
  };
  app.get('/budgets', async (c) => c.json(await list(readQuery(c, alertProjectQuery).project)));
  app.get('/budgets/check', async (c) =>
    c.json(await check(budgets, readQuery(c, budgetCheckQuery))),
  );
  app.put('/budgets', limitBody(maxBodyBytes), async (c) => {
    const { project, budget } = await readJsonBody(c, budgetChange);
    assertUsable(budget);
    const known = await budgets.list(project);
    if (known.length >= mostBudgets && known.every(({ id }) => id !== budget.id)) {
      throw new ApiFailure('invalid_request', `A project has at most ${mostBudgets} budgets.`);
    }
    await budgets.write(project, budget.id, budget, 'api');
    changed(project);
    return c.json(await list(project));
  });
  app.delete('/budgets/:id', async (c) => {
    const { project } = readQuery(c, alertProjectQuery);
    const id = c.req.param('id');
    await find(budgets, project, id);
    await budgets.write(project, id, undefined, 'api');
    changed(project);
    return c.body(null, 204);
  });
  refuseOtherMethods(app);
  return app;
}

async function find(budgets: BudgetStore, projectId: string, id: string): Promise<Budget> {
  const found = (await budgets.list(projectId)).find((budget) => budget.id === id);
  if (found !== undefined) return found;
  throw new ApiFailure('not_found', 'There is no such budget in this project.');
}

async function check(budgets: BudgetStore, query: BudgetCheckQuery): Promise<BudgetCheck> {
  const { project, budget: id } = query;
  const wanted =
    id === ''
      ? (await budgets.list(project)).filter((budget) => fits(budget, query))
      : [await find(budgets, project, id)].filter(({ enabled }) => enabled);
  const standings = await Promise.all(
    wanted.map(async (budget) => ({
      budget,
      spentUsd: Number((await budgets.status(project, budget)).spentUsd),
    })),
  );
  return checkBudgets(standings, Number(query.usd));
}

/** @throws ApiFailure or FilterError that says what to change */
function assertUsable({ filter, timeZone }: Budget): void {
  toRunConditions(filter);
  try {
    toDay(0, timeZone);
  } catch {
    throw new ApiFailure(
      'invalid_request',
      `budget.timeZone: there is no time zone ${timeZone}. Write a name such as Europe/Berlin or UTC.`,
    );
  }
}
