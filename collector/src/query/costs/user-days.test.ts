/** What users spent is the same from sums of days and from the calls, with all that is worked out of it. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { costReport, type CostReport } from '../../contract.ts';
import { anyRun } from '../../runs.testing.ts';
import { toIso } from '../time-range.ts';
import { day, minute, origin, startCostDays, type CostDays } from './cost-days.testing.ts';
import { expectReport, oracleDimensions, type Range } from './cost-oracle.testing.ts';

vi.setConfig({ testTimeout: 120_000 });

let days: CostDays;
let projects = 0;

beforeAll(async () => {
  days = await startCostDays({
    // Odd, so that what is rounded shows.
    findRates: ({ priceDay }) => ({
      input: 2_000_003n,
      cacheRead: BigInt(priceDay),
      cacheWrite: 3_000_001n,
    }),
    changesOf: () => [Number((origin + day) / 1_000_000n)],
  });
});
afterAll(() => days.close());

type Ask = { readonly range: Range; readonly by: readonly string[]; readonly q?: string };

async function ask(project: string, { range: { from, to }, by, q = '' }: Ask): Promise<CostReport> {
  const range = `from=${toIso(from)}&to=${toIso(to)}`;
  const answer = await days.app.request(
    `/cost?project=${project}&${range}&by=${by.join(',')}&step=1d&limit=1000&q=${encodeURIComponent(q)}`,
  );
  expect(answer.status).toBe(200);
  return costReport.parse(await answer.json());
}

/** Around each of three midnights, of few users. */
const runsOfUsers = fc
  .array(
    fc.tuple(
      fc.nat({ max: 2 }).chain((at) => anyRun(origin + BigInt(at) * day - 90n * minute)),
      fc.constantFrom('ann', 'bob', ''),
    ),
    { minLength: 2, maxLength: 25 },
  )
  .map((drawn) => drawn.map(([run, userId], at) => ({ ...run, userId, runId: `run-${at}` })));
const moment = fc
  .nat({ max: 12 * 24 })
  .map((halfHours) => origin - 2n * day + BigInt(halfHours) * 30n * minute);
const anyRange = fc
  .tuple(moment, moment)
  .filter(([a, b]) => a !== b)
  .map(([a, b]): Range => ({ from: a < b ? a : b, to: a < b ? b : a }));
const others = oracleDimensions.filter((name) => name !== 'user');
const whole: Range = { from: origin - 2n * day, to: origin + 4n * day };

test('by user and anything more, sums say what the calls say, to the trillionth', async () => {
  const drawn = fc.uniqueArray(fc.constantFrom(...others), { minLength: 3, maxLength: 3 });
  const anyCase = fc.record({ runs: runsOfUsers, range: anyRange, drawn });
  await fc.assert(
    // Days are made of all projects at once, and that is most of the work.
    fc.asyncProperty(fc.array(anyCase, { minLength: 4, maxLength: 4 }), async (cases) => {
      const told: { readonly read: () => Promise<CostReport[]>; readonly reports: CostReport[] }[] =
        [];
      for (const { runs, range, drawn } of cases) {
        const [a = '', b = '', c = ''] = drawn;
        const project = `project-${(projects += 1)}`;
        await days.write(project, runs);
        const asks: Ask[] = [
          { range: whole, by: ['user'] },
          { range, by: ['user', a] },
          { range: whole, by: [b, 'user'] },
          { range, by: ['user', c], q: 'environment:prod' },
          { range: whole, by: ['user', c], q: 'workflow:refund' },
        ];
        const read = (): Promise<CostReport[]> => Promise.all(asks.map((one) => ask(project, one)));
        const reports = await read();
        for (const [at, report] of reports.slice(0, 3).entries()) {
          const { range, by } = asks[at] ?? { range: whole, by: [] };
          expectReport(report, runs, range, by);
        }
        told.push({ read, reports });
      }
      await days.makeDays();
      for (const { read, reports } of told) expect(await read()).toEqual(reports);
    }),
    { numRuns: 1, endOnFailure: true },
  );
});

test('whole days of users are read from their sums', async () => {
  const project = `project-${(projects += 1)}`;
  const [runs = []] = fc.sample(runsOfUsers, { numRuns: 1, seed: 5 });
  await days.write(project, runs);
  await days.makeDays();
  // A sum that no run has: only who reads sums can see it.
  await days.client.command({
    query: `INSERT INTO cost_user_days (start_day, made, project_id, split, call_day, user_id, agent, calls, cost)
      SELECT start_day, max(made), {project:String}, 'agent', '2026-08-01', 'carl', 'planner', 1000, 7
      FROM cost_day_marks WHERE start_day = '2026-08-01' GROUP BY start_day`,
    query_params: { project },
  });
  const asked = { range: whole, by: ['user', 'agent'] };
  const carl = (await ask(project, asked)).rows.find(({ keys }) => keys[0] === 'carl');
  expect(carl?.figures).toMatchObject({ calls: 1000, costUsd: '7' });
  const { rows } = await ask(project, { ...asked, q: 'workflow:refund' });
  expect(rows.find(({ keys }) => keys[0] === 'carl')).toBeUndefined();
});
