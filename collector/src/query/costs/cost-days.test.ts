/** Reports that read sums of days say the same as the runs, before days are made, while they are stale, and after. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { costReport, type CostReport } from '../../contract.ts';
import type { Run } from '../../run.ts';
import { anyRun } from '../../runs.testing.ts';
import { readMadeDays } from '../../store/costs/made-days.ts';
import { deleteRuns } from '../../store/write-runs.ts';
import { toIso } from '../time-range.ts';
import { day, minute, origin, startCostDays, type CostDays } from './cost-days.testing.ts';
import { expectReport, oracleDimensions, type Range } from './cost-oracle.testing.ts';
import { noInputPrices } from './list-rates.ts';

vi.setConfig({ testTimeout: 120_000 });

let days: CostDays;
let projects = 0;

beforeAll(async () => {
  days = await startCostDays(noInputPrices);
});
afterAll(() => days.close());

const newProject = (): string => `project-${(projects += 1)}`;
const named = (runs: readonly Run[]): Run[] =>
  runs.map((run, at) => ({ ...run, runId: `run-${at}` }));

async function ask(
  project: string,
  { from, to }: Range,
  by: readonly string[],
  step = 'auto',
): Promise<CostReport> {
  const range = `from=${toIso(from)}&to=${toIso(to)}`;
  const answer = await days.app.request(
    `/cost?project=${project}&${range}&by=${by.join(',')}&step=${step}&limit=1000`,
  );
  expect(answer.status).toBe(200);
  return costReport.parse(await answer.json());
}

/** Around each of three midnights. */
const runsOfDays = fc.array(
  fc.nat({ max: 2 }).chain((at) => anyRun(origin + BigInt(at) * day - 90n * minute)),
  { minLength: 2, maxLength: 20 },
);
const moment = fc
  .nat({ max: 7 * 24 })
  .map((hours) => origin - 2n * day + BigInt(hours) * 60n * minute);
const anyRange = fc
  .tuple(moment, moment)
  .filter(([a, b]) => a !== b)
  .map(([a, b]): Range => ({ from: a < b ? a : b, to: a < b ? b : a }));
/** What is asked of a project with these runs. */
const anyCase = fc.record({
  runs: runsOfDays.map(named),
  range: anyRange,
  by: fc.uniqueArray(fc.constantFrom(...oracleDimensions), { maxLength: 2 }),
  step: fc.constantFrom('auto', '1d', '2d'),
});

test('whatever is made, stale, changed or deleted, a report equals its runs', async () => {
  await fc.assert(
    // Days are made of all projects at once, and that is most of the work: so each history has several.
    fc.asyncProperty(fc.array(anyCase, { minLength: 3, maxLength: 3 }), async (drawn) => {
      const cases = drawn.map((one) => ({ ...one, project: newProject() }));
      const check = async (): Promise<void> => {
        for (const { project, runs, range, by, step } of cases) {
          const report = await ask(project, range, by, step);
          expect(report.by).toEqual(by);
          expectReport(report, runs, range, by);
        }
      };
      for (const { project, runs } of cases) await days.write(project, runs);
      await check();
      await days.makeDays();
      await check();
      // The last project stays as it is.
      for (const one of cases.slice(0, -1)) one.runs = await change(one.project, one.runs);
      await check();
      await days.makeDays();
      await check();
    }),
    { numRuns: 2, endOnFailure: true },
  );
});

/** What a late span does: an old run has another verdict, and another is part of it now. @returns what is left */
async function change(project: string, runs: readonly Run[]): Promise<Run[]> {
  const [first, second, ...rest] = runs;
  if (first === undefined || second === undefined) throw new Error('two runs at least');
  const changed = { ...first, modelCalls: second.modelCalls.slice(0, 1) };
  const moved = [Object.assign(changed, timesOf(first, second)), ...rest];
  const version = await days.write(project, moved.slice(0, 1));
  await deleteRuns(days.client, project, placesOf([second, first], moved), version);
  return moved;
}

/** Of a run that took over the calls of another: it lives as long as both. */
function timesOf(
  a: Run,
  b: Run,
): Pick<Run, 'startUnixNano' | 'endUnixNano' | 'lastActivityUnixNano'> {
  const last = a.lastActivityUnixNano > b.lastActivityUnixNano ? a : b;
  return {
    startUnixNano: a.startUnixNano < b.startUnixNano ? a.startUnixNano : b.startUnixNano,
    endUnixNano: last.endUnixNano,
    lastActivityUnixNano: last.lastActivityUnixNano,
  };
}

function placesOf(old: readonly Run[], kept: readonly Run[]) {
  const toPlace = ({ runId, startUnixNano }: Run) => ({ runId, startUnixNano, retentionDays: 0 });
  const isKept = (one: Run): boolean =>
    kept.some((run) => run.runId === one.runId && run.startUnixNano === one.startUnixNano);
  return old.filter((run) => !isKept(run)).map(toPlace);
}

const oneDayRun = (): Run => {
  const [run] = fc.sample(
    anyRun(origin + 60n * minute).filter(({ modelCalls }) => modelCalls.length > 0),
    { numRuns: 1, seed: 7 },
  );
  if (run === undefined) throw new Error('no sample');
  return run;
};

test('whole days in the middle of a range are read from their sums, and from nothing that is stale', async () => {
  const project = newProject();
  await days.write(project, [oneDayRun()]);
  await days.makeDays();
  const { client } = days;
  const made = await readMadeDays({ client });
  const ofDay = made.find(({ startUnixNano }) => startUnixNano === origin);
  // A sum that no run has: only who reads sums can see it.
  await client.command({
    query: `INSERT INTO cost_days (start_day, made, project_id, call_day, calls, cost, runs, successful_runs, handoffs)
      SELECT '2026-08-01', {made:UInt64}, {project:String}, '2026-08-01', 1000, 7, range(11), range(11), range(11)`,
    query_params: { made: ofDay?.made, project },
  });
  const whole = { from: origin - day, to: origin + 2n * day };
  const calls = oneDayRun().modelCalls.length;
  expect((await ask(project, whole, ['workflow'])).total.calls).toBe(1_000 + calls);
  const part = { from: origin + minute, to: origin + 2n * day };
  expect((await ask(project, part, ['workflow'])).total.calls).toBe(calls);
  await days.write(newProject(), [oneDayRun()]);
  expect((await ask(project, whole, ['workflow'])).total.calls).toBe(calls);
});
