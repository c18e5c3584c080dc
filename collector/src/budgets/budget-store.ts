/** Budgets as people set them, and how they stand: held for a moment, since orchestrators ask before every run. */
import { budget as budgetShape, type Budget, type BudgetStatus } from '../contract.ts';
import type { Reader } from '../store/read-rows.ts';
import { readSettings, writeSetting } from '../store/settings-log.ts';
import { readBudgetStatus } from './read-status.ts';

export const budgetArea = 'budgets';

/** What is spent shows some seconds later anyway. */
const heldMs = 5_000;
const mostHeld = 5_000;

export type BudgetStore = {
  readonly list: (projectId: string) => Promise<readonly Budget[]>;
  /** undefined = taken back. Resolves when it is on disk. */
  readonly write: (
    projectId: string,
    id: string,
    budget: Budget | undefined,
    by: string,
  ) => Promise<void>;
  readonly status: (projectId: string, budget: Budget) => Promise<BudgetStatus>;
};

type Held = { readonly status: Promise<BudgetStatus>; readonly untilMs: number };

export function createBudgetStore(reader: Pick<Reader, 'client'>): BudgetStore {
  const held = new Map<string, Held>();
  return {
    list: async (projectId) => {
      const settings = await readSettings(reader, projectId, budgetArea);
      return settings.flatMap(({ value }) => {
        const parsed = budgetShape.safeParse(value);
        return parsed.success ? [parsed.data] : [];
      });
    },
    write: async (projectId, id, budget, by) => {
      const known = await readSettings(reader, projectId, budgetArea);
      const last = known.find(({ key }) => key === id)?.version ?? 0;
      const change = { projectId, area: budgetArea, key: id, value: budget, changedBy: by };
      await writeSetting(reader.client, change, Math.max(Date.now(), last + 1));
    },
    status: (projectId, budget) => {
      const key = JSON.stringify([projectId, budget]);
      const known = held.get(key);
      if (known !== undefined && performance.now() < known.untilMs) return known.status;
      const status = readBudgetStatus(reader, projectId, budget, Date.now());
      if (held.size >= mostHeld) held.clear();
      const entry = { status, untilMs: performance.now() + heldMs };
      held.set(key, entry);
      // A failure is told to those who wait for it, and to nobody after them.
      status.catch(() => {
        if (held.get(key) === entry) held.delete(key);
      });
      return status;
    },
  };
}
