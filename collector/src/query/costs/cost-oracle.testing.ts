/** What a report has to say of runs, worked out by plain means: each call once, each sum to the last trillionth. */
import { expect } from 'vitest';
import type { CostReport } from '../../contract.ts';
import type { ModelCall, Run } from '../../run.ts';
import { toUsdText } from './money.ts';

export type Range = { readonly from: bigint; readonly to: bigint };

type Call = ModelCall & { readonly run: Run };

const sumOf = (calls: readonly Call[]): bigint =>
  calls.reduce((sum, { costTrillionths }) => sum + (costTrillionths ?? 0n), 0n);

const keyOf: Readonly<Record<string, (call: Call) => string>> = {
  workflow: ({ run }) => run.workflow,
  agent: ({ agent }) => agent,
  model: ({ model }) => model,
  provider: ({ provider }) => provider,
  tool: ({ tool }) => tool,
  user: ({ run }) => run.userId,
  environment: ({ run }) => run.environment,
  version: ({ run }) => (run.workflowVersion === '' ? run.serviceVersion : run.workflowVersion),
};
export const oracleDimensions = Object.keys(keyOf);

/** A run is where its first call with the same values is. */
function firstOf(calls: readonly Call[]): Call[] {
  return [...new Map(calls.toReversed().map((call) => [call.run.runId, call])).values()];
}

const countsOf = (calls: readonly Call[]) => ({
  runs: calls.length,
  successfulRuns: calls.filter(({ run }) => run.status === 'completed').length,
  handoffs: calls.reduce((sum, { run }) => sum + run.handoffs.length, 0),
});

export function expectReport(
  report: CostReport,
  runs: readonly Run[],
  { from, to }: Range,
  dimensions: readonly string[],
): void {
  const all: Call[] = runs.flatMap((run) => run.modelCalls.map((call) => ({ ...call, run })));
  const within = (start: bigint, end: bigint) => (call: Call) =>
    call.startUnixNano >= start && call.startUnixNano < end;
  const isNow = within(from, to);
  const calls = all.filter(isNow);
  const before = sumOf(all.filter(within(from - (to - from), from)));
  const toKey = (call: Call): string =>
    JSON.stringify(dimensions.map((name) => keyOf[name]?.(call)));
  const [groups, everywhere] = [Map.groupBy(calls, toKey), Map.groupBy(all, toKey)];
  expect(report.rows.map(({ keys }) => JSON.stringify(keys)).sort()).toEqual(
    [...groups.keys()].sort(),
  );
  expect(report.total).toMatchObject({
    costUsd: toUsdText(sumOf(calls)),
    calls: calls.length,
    ...countsOf(firstOf(all).filter(isNow)),
  });
  expect(report.previousCostUsd).toBe(before === 0n ? null : toUsdText(before));
  for (const row of report.rows) {
    const key = JSON.stringify(row.keys);
    const own = groups.get(key) ?? [];
    expect(row.figures).toMatchObject({
      costUsd: toUsdText(sumOf(own)),
      calls: own.length,
      ...countsOf(firstOf(everywhere.get(key) ?? []).filter(isNow)),
      reportedUsd: toUsdText(sumOf(own.filter(({ costSource }) => costSource === 'reported'))),
      pricedCalls: own.filter(isPriced).length,
      ...comparedOf(own),
    });
    expect(row.figures.tokens.input).toBe(
      own.reduce((sum, { tokens }) => sum + (tokens.input ?? 0), 0),
    );
    expect(row.series.reduce((sum, cost) => sum + cost, 0)).toBeCloseTo(
      Number(row.figures.costUsd),
      6,
    );
    expect(Number(row.figures.wasteUsd)).toBeLessThanOrEqual(Number(row.figures.costUsd));
  }
}

function comparedOf(calls: readonly Call[]) {
  const both = calls.filter(
    (call) =>
      call.costSource === 'reported' &&
      call.costTrillionths !== null &&
      call.computedTrillionths !== null,
  );
  const computed = both.reduce((sum, call) => sum + (call.computedTrillionths ?? 0n), 0n);
  return {
    comparedCalls: both.length,
    comparedReportedUsd: toUsdText(sumOf(both)),
    comparedComputedUsd: toUsdText(computed),
  };
}

/** One that failed before it used anything costs nothing. */
function isPriced({ costTrillionths, tokens, failed }: Call): boolean {
  return costTrillionths !== null || (failed && tokens.input === null && tokens.output === null);
}
