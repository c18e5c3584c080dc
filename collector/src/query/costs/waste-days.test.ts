/** Waste that is read from sums of days is the waste of the runs, before days are made, while they are stale, and after. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { wasteReport, type WasteReport } from '../../contract.ts';
import type { ModelCall, Run } from '../../run.ts';
import { anyRun, oneRun } from '../../runs.testing.ts';
import { toIso } from '../time-range.ts';
import { day, minute, origin, startCostDays, type CostDays } from './cost-days.testing.ts';
import type { Range } from './cost-oracle.testing.ts';
import { expectWaste } from './waste-oracle.testing.ts';

vi.setConfig({ testTimeout: 120_000 });

/** From the second day on everything costs an odd bit more. */
const changesMs = Number((origin + day) / 1_000_000n);
const dearer = (isLater: boolean): bigint => (isLater ? 1_000_003n : 999_983n);
const toRates = (isLater: boolean) => ({
  input: 2n * dearer(isLater),
  cacheRead: dearer(isLater) / 5n,
  cacheWrite: 3n * dearer(isLater),
});
let days: CostDays;
let projects = 0;

beforeAll(async () => {
  days = await startCostDays({
    findRates: ({ priceDay }) => toRates(priceDay * 86_400_000 >= changesMs),
    changesOf: () => [changesMs],
  });
});
afterAll(() => days.close());

async function ask(project: string, { from, to }: Range, q: string): Promise<WasteReport> {
  const range = `from=${toIso(from)}&to=${toIso(to)}`;
  const answer = await days.app.request(
    `/cost/waste?project=${project}&${range}&q=${encodeURIComponent(q)}`,
  );
  expect(answer.status).toBe(200);
  return wasteReport.parse(await answer.json());
}

const isLater = ({ startUnixNano }: ModelCall): boolean => startUnixNano >= origin + day;

/** Around each of three midnights. */
const runsOfDays = fc.array(
  fc.nat({ max: 2 }).chain((at) => anyRun(origin + BigInt(at) * day - 90n * minute)),
  { minLength: 2, maxLength: 30 },
);
const moment = fc
  .nat({ max: 12 * 24 })
  .map((halfHours) => origin - 2n * day + BigInt(halfHours) * 30n * minute);
const anyRange = fc
  .tuple(moment, moment)
  .filter(([a, b]) => a !== b)
  .map(([a, b]): Range => ({ from: a < b ? a : b, to: a < b ? b : a }));
const filters: readonly (readonly [string, (run: Run) => boolean])[] = [
  ['', () => true],
  ['environment:prod', ({ environment }) => environment === 'prod'],
  ['status:completed', ({ status }) => status === 'completed'],
];

/** What is asked of a project with these runs. */
const anyCase = fc.record({
  runs: runsOfDays.map((runs) => runs.map((run, at) => ({ ...run, runId: `run-${at}` }))),
  ranges: fc.array(anyRange, { minLength: 2, maxLength: 2 }),
});

test('whatever is made, stale or changed, waste is that of the runs', async () => {
  const whole = { from: origin - 2n * day, to: origin + 4n * day };
  await fc.assert(
    // Days are made of all projects at once, and that is much of the work.
    fc.asyncProperty(fc.array(anyCase, { minLength: 4, maxLength: 4 }), async (drawn) => {
      const cases = drawn.map((one) => ({ ...one, project: `project-${(projects += 1)}` }));
      const expectAll = async (): Promise<void> => {
        for (const { project, runs, ranges } of cases) {
          for (const [at, range] of [whole, ...ranges].entries()) {
            const [q, isAsked] = filters[at] ?? ['', () => true];
            const report = await ask(project, range, q);
            expect(report.from).toBe(toIso(range.from));
            expectWaste(report, runs, {
              range,
              isAsked,
              periodOf: (call) => String(isLater(call)),
              ratesOf: (call) => toRates(isLater(call)),
            });
          }
        }
      };
      for (const { project, runs } of cases) await days.write(project, runs);
      await expectAll();
      await days.makeDays();
      await expectAll();
      // One day is stale, and the sums of the others meet its calls.
      for (const one of cases.slice(0, 1)) {
        const [first, ...rest] = one.runs;
        if (first === undefined) throw new Error('a run at least');
        const changed = { ...first, modelCalls: first.modelCalls.slice(1) };
        await days.write(one.project, [changed]);
        one.runs = [changed, ...rest];
      }
      await expectAll();
    }),
    { numRuns: 1, endOnFailure: true },
  );
});

test('a day whose waste would fill the store is read from its calls', async () => {
  const project = `project-${(projects += 1)}`;
  const start = origin + 60n * minute;
  const model = fc
    .sample(
      anyRun(start).map(({ modelCalls }) => modelCalls[0]),
      { numRuns: 50, seed: 3 },
    )
    .find((one) => one !== undefined);
  if (model === undefined) throw new Error('no sample');
  const call = { ...model, startUnixNano: start, waste: null, costTrillionths: 1n };
  const tokens = { ...call.tokens, cacheRead: null, cacheWrite: 7 };
  const many = Array.from({ length: 50_001 }, () => ({ ...call, tokens }));
  const run: Run = {
    ...oneRun,
    runId: 'many',
    startUnixNano: start,
    endUnixNano: start + minute,
    lastActivityUnixNano: start + minute,
    modelCalls: many,
  };
  await days.write(project, [run]);
  await days.makeDays();
  const kept = await days.client.query({
    query: 'SELECT toUInt8(count()) AS n FROM cost_waste_days WHERE project_id = {project:String}',
    query_params: { project },
    format: 'JSONEachRow',
  });
  expect(await kept.json()).toEqual([{ n: 0 }]);
  const { classes } = await ask(project, { from: origin, to: origin + day }, '');
  expect(classes.map((one) => [one.class, one.calls])).toEqual([['unread_cache_write', 50_001]]);
});
