/** Budgets as people set them, and how they stand: held for a moment, since orchestrators ask before every run. */
import { budget as budgetShape, type Budget, type BudgetStatus } from '../contract.ts';
import type { Reader } from '../store/read-rows.ts';
import { readSettings, readVersion, writeSetting } from '../store/settings-log.ts';
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
  /** null when there is none of that id. */
  readonly find: (projectId: string, id: string) => Promise<BudgetStatus | null>;
};

type Held = { readonly status: Promise<BudgetStatus>; readonly untilMs: number };

export function createBudgetStore(reader: Pick<Reader, 'client'>): BudgetStore {
  const held = new Map<string, Held>();
  const list: BudgetStore['list'] = async (projectId) => {
    const settings = await readSettings(reader, projectId, budgetArea);
    return settings.flatMap(({ value }) => {
      const parsed = budgetShape.safeParse(value);
      return parsed.success ? [parsed.data] : [];
    });
  };
  return {
    list,
    find: async (projectId, id) => {
      const budget = (await list(projectId)).find((one) => one.id === id);
      return budget === undefined ? null : status(projectId, budget);
    },
    write: async (projectId, id, budget, by) => {
      const change = { projectId, area: budgetArea, key: id, value: budget, changedBy: by };
      const last = await readVersion(reader, change);
      await writeSetting(reader.client, change, Math.max(Date.now(), last + 1));
    },
    status,
  };

  function status(projectId: string, budget: Budget): Promise<BudgetStatus> {
    const key = JSON.stringify([projectId, budget]);
    const known = held.get(key);
    if (known !== undefined && performance.now() < known.untilMs) return known.status;
    const read = readBudgetStatus(reader, projectId, budget, Date.now());
    if (held.size >= mostHeld) held.clear();
    const entry = { status: read, untilMs: performance.now() + heldMs };
    held.set(key, entry);
    // A failure is told to those who wait for it, and to nobody after them.
    read.catch(() => {
      if (held.get(key) === entry) held.delete(key);
    });
    return read;
  }
}
