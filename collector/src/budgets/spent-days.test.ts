/** What a budget says does not depend on whether the sums of its days are made, and is read from them where they are. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { budget as budgetShape, type Budget, type BudgetStatus } from '../contract.ts';
import type { ModelCall, Run } from '../run.ts';
import { oneRun } from '../runs.testing.ts';
import { makeDay, readStaleDays } from '../store/costs/make-days.ts';
import { startTestStore, type TestStore } from '../store/testing.ts';
import { writeRuns } from '../store/write-runs.ts';
import { readBudgetStatus } from './read-status.ts';

vi.setConfig({ testTimeout: 60_000 });

const dayMs = 86_400_000;
/** Past, so that sums are made of the days before. */
const nowMs = Date.UTC(2026, 7, 21, 10);
const dollar = 1_000_000_000_000n;
let opened: TestStore;

/** A call an hour of the run: one that begins late lives on into the next day. */
function toRun(daysAgo: number, workflow: string): Run {
  const startUnixNano = BigInt(nowMs - daysAgo * dayMs) * 1_000_000n;
  const hour = 3_600_000_000_000n;
  const calls = [0n, 1n, 14n].map((hours): ModelCall => ({
    traceId: oneRun.rootTraceId,
    spanId: 'c'.repeat(16),
    model: 'gpt-5',
    provider: 'openai',
    agent: '',
    startUnixNano: startUnixNano + hours * hour,
    durationNs: 1,
    failed: false,
    firstTokenNs: null,
    tokens: { input: 10, cacheRead: null, cacheWrite: null, output: 1, reasoning: null },
    tool: '',
    costTrillionths: hours === 1n ? null : BigInt(daysAgo) * dollar,
    costSource: hours === 1n ? 'none' : 'computed',
    computedTrillionths: null,
    priceMatch: 'none',
    waste: null,
  }));
  return {
    ...oneRun,
    projectId: 'shop',
    runId: `${workflow} ${daysAgo}`,
    workflow,
    startUnixNano,
    endUnixNano: startUnixNano + 15n * hour,
    lastActivityUnixNano: startUnixNano + 15n * hour,
    modelCalls: calls,
  };
}

beforeAll(async () => {
  opened = await startTestStore();
  // A merge makes a day stale.
  await opened.store.client.command({ query: 'SYSTEM STOP MERGES runs' });
  const days = [1, 2, 3, 4, 8, 15, 22, 29, 40];
  const runs = days.flatMap((daysAgo) => [toRun(daysAgo, 'refund'), toRun(daysAgo, 'report')]);
  await writeRuns(
    opened.store.client,
    runs.map((run) => ({ run, retentionDays: 0 })),
    1,
  );
});
afterAll(() => opened.close());

const budgets: readonly (readonly [string, Partial<Budget>])[] = [
  ['a month', {}],
  ['a month of a workflow', { filter: 'workflow:refund' }],
  ['a month of who took part', { filter: '-agent:writer' }],
  ['a month of another zone', { timeZone: 'Asia/Kathmandu' }],
  ['a trailing week', { period: '7d' }],
];

function readStatus(changes: Partial<Budget>): Promise<BudgetStatus> {
  const set = { id: 'b', title: 'All', amountUsd: '500', ...changes };
  return readBudgetStatus(opened.store, 'shop', budgetShape.parse(set), nowMs);
}

test('the same is told before sums are made and after, of every kind of budget', async () => {
  const before = await Promise.all(budgets.map(([, changes]) => readStatus(changes)));
  const stale = await readStaleDays(opened.store.client, 100, 0);
  expect(stale.length).toBeGreaterThan(5);
  for (const [at, day] of stale.entries()) await makeDay(opened.store.client, day, nowMs + at);
  for (const [at, [name, changes]] of budgets.entries()) {
    expect([name, await readStatus(changes)]).toEqual([name, before[at]]);
  }
  // What nobody called shows that the sums are read where they know enough, and not where they do not.
  await opened.store.client.command({
    query: `INSERT INTO cost_days (start_day, made, project_id, call_day, workflow, cost, calls, priced_calls)
SELECT start_day, max(made), 'shop', start_day, 'refund', 1000, 1, 1 FROM cost_day_marks
WHERE start_day = '2026-08-17' GROUP BY start_day`,
  });
  const moved = await Promise.all(budgets.map(([, changes]) => readStatus(changes)));
  expect(moved.map(({ spentUsd }, at) => Number(spentUsd) - Number(before[at]?.spentUsd))).toEqual([
    1000, 1000, 0, 0, 1000,
  ]);
});
