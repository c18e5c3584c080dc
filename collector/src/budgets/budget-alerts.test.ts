/** A budget in the running server: its rules fire, stay with it, and go with it. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestServer, type Answer, type TestServer } from '../app.testing.ts';
import type { AlertRuleStatus, AlertRules, CostReport, IncidentList } from '../contract.ts';
import { budget as budgetShape } from '../contract.ts';
import { isBudgetRule, toBudgetRules } from './budget-rules.ts';

vi.setConfig({ testTimeout: 60_000 });

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ ORCHESCOPE_ALERTS: 'on' });
});
afterAll(async () => {
  await server.close();
  await server.remove();
});

const json = { 'content-type': 'application/json' };

function put(path: string, body: unknown): Promise<Answer> {
  return server.ask(path, { method: 'PUT', headers: json, body: JSON.stringify(body) });
}

/** One call of a model that its sender says cost so much. */
async function spend(usd: number): Promise<void> {
  const now = BigInt(Date.now()) * 1_000_000n;
  const span = {
    traceId: 'ab'.repeat(16),
    spanId: 'cd'.repeat(8),
    name: 'chat gpt-5',
    kind: 3,
    startTimeUnixNano: String(now - 1_000_000n),
    endTimeUnixNano: String(now),
    attributes: [
      { key: 'gen_ai.operation.name', value: { stringValue: 'chat' } },
      { key: 'gen_ai.request.model', value: { stringValue: 'gpt-5' } },
      { key: 'gen_ai.usage.input_tokens', value: { intValue: '10' } },
      { key: 'gen_ai.usage.output_tokens', value: { intValue: '10' } },
      { key: 'gen_ai.usage.cost', value: { doubleValue: usd } },
    ],
  };
  const body = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] };
  const answer = await server.ask('/v1/traces', {
    method: 'POST',
    headers: json,
    body: JSON.stringify(body),
  });
  expect(answer.status).toBe(200);
  // Rules look once a minute: what they are to see is there before the first look.
  await vi.waitFor(
    async () => {
      const report = (await server.read('/api/cost')) as unknown as CostReport;
      expect(Number(report.total.costUsd)).toBe(usd);
    },
    { timeout: 60_000, interval: 200 },
  );
}

async function rulesOfBudgets(): Promise<readonly AlertRuleStatus[]> {
  const { rules } = (await server.read('/api/alerts/rules')) as unknown as AlertRules;
  return rules.filter(({ rule }) => isBudgetRule(rule));
}

test('what is spent beyond a share fires the rule of that share, and of no larger one', async () => {
  await spend(6);
  const budget = { id: 'all', title: 'All', amountUsd: '10', alertOnForecast: false };
  expect((await put('/api/budgets', { budget })).status).toBe(200);
  await vi.waitFor(
    async () => {
      const states = (await rulesOfBudgets()).map(({ rule, state }) => `${rule.id} ${state}`);
      expect(states.toSorted()).toEqual([
        'budget-all-at-100 normal',
        'budget-all-at-50 firing',
        'budget-all-at-80 normal',
      ]);
    },
    { timeout: 60_000, interval: 300 },
  );
  const list = (await server.read('/api/alerts/incidents')) as unknown as IncidentList;
  expect(list.incidents.map(({ title, lastValue }) => [title, lastValue])).toEqual([
    ['All: 50 % of the budget used', 0.6],
  ]);
});

test('a rule of a budget is changed with its budget alone', async () => {
  const [first] = await rulesOfBudgets();
  expect(first?.origin).toBe('budget');
  const changed = await put('/api/alerts/rules', { rule: first?.rule });
  expect(changed.status).toBe(409);
  expect(changed.text).toContain('is made of the budget all: change that');
  const own = { ...first?.rule, id: 'my-own' };
  const made = await put('/api/alerts/rules', { rule: own });
  expect(made.status).toBe(400);
  expect(made.text).toContain('made of budgets');
});

test('a budget that is deleted takes its rules and its incident with it', async () => {
  expect((await server.ask('/api/budgets/all', { method: 'DELETE' })).status).toBe(204);
  expect(await rulesOfBudgets()).toEqual([]);
  await vi.waitFor(
    async () => {
      const list = (await server.read('/api/alerts/incidents')) as unknown as IncidentList;
      expect(list.openCount).toBe(0);
    },
    { timeout: 60_000, interval: 300 },
  );
});

test('rules of any budget are rules, each with an id of its own', () => {
  const id = 'a'.repeat(64);
  const long = budgetShape.parse({ id, title: 't', amountUsd: '1', alertAt: [0.125, 0.5, 1, 0.5] });
  const ids = toBudgetRules(long).map((rule) => rule.id);
  expect(new Set(ids).size).toBe(4);
  expect(ids.every((each) => each.length <= 64)).toBe(true);
});
