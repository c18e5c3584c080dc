/** What a report of waste has to say of runs, worked out by plain means, to the last trillionth. */
import { expect } from 'vitest';
import type { WasteReport } from '../../contract.ts';
import type { ModelCall, Run } from '../../run.ts';
import type { Range } from './cost-oracle.testing.ts';
import type { InputRates } from './list-rates.ts';
import { toUsdText } from './money.ts';

type Call = ModelCall & { readonly run: Run };
type Waste = { readonly call: Call; readonly class: string; readonly tokens: number };

const hour = 3_600_000_000_000n;

export type WasteOracle = {
  readonly range: Range;
  /** Whose waste is told: a filter. Who reads a cache is whoever does. */
  readonly isAsked: (run: Run) => boolean;
  /** Of a call: in each part of the range a model has one price. */
  readonly periodOf: (call: ModelCall) => string;
  readonly ratesOf: (call: ModelCall) => InputRates;
};

export function expectWaste(report: WasteReport, runs: readonly Run[], oracle: WasteOracle): void {
  const all: Call[] = runs.flatMap((run) => run.modelCalls.map((call) => ({ ...call, run })));
  const { from, to } = oracle.range;
  const calls = all.filter(
    ({ startUnixNano, run }) => startUnixNano >= from && startUnixNano < to && oracle.isAsked(run),
  );
  const told = calls.flatMap((call): Waste[] =>
    call.waste === null ? [] : [{ call, class: call.waste.class, tokens: call.waste.tokens }],
  );
  const unread = calls
    .filter((call) => isUnread(call, all))
    .map((call): Waste => ({
      call,
      class: 'unread_cache_write',
      tokens: call.tokens.cacheWrite ?? 0,
    }));
  const classes = Map.groupBy([...told, ...unread], (waste) => waste.class);
  expect(report.totalUsd).toBe(toUsdText(sum(calls.map(costOf))));
  expect(report.classes.map((one) => one.class).sort()).toEqual([...classes.keys()].sort());
  for (const row of report.classes) {
    const own = classes.get(row.class) ?? [];
    expect(row).toMatchObject({
      costUsd: toUsdText(toCost(row.class, own, oracle)),
      calls: own.length,
      tokens: own.reduce((tokens, waste) => tokens + waste.tokens, 0),
      runs: countRuns(row.class, own, all, oracle),
    });
    if (row.class === 'unread_cache_write') continue;
    expect(row.examples.map(({ runId, costUsd }) => [runId, costUsd])).toEqual(dearest(own));
  }
}

const costOf = (call: ModelCall): bigint => call.costTrillionths ?? 0n;
const sum = (costs: readonly bigint[]): bigint => costs.reduce((all, cost) => all + cost, 0n);

function isUnread(write: Call, all: readonly Call[]): boolean {
  if ((write.tokens.cacheWrite ?? 0) === 0 || write.waste !== null) return false;
  if (write.costTrillionths === null) return false;
  return !all.some(
    (read) =>
      (read.tokens.cacheRead ?? 0) > 0 &&
      read.startUnixNano > write.startUnixNano &&
      read.startUnixNano <= write.startUnixNano + hour &&
      read.run.workflow === write.run.workflow &&
      read.agent === write.agent &&
      read.model === write.model &&
      read.provider === write.provider,
  );
}

function toCost(name: string, own: readonly Waste[], { periodOf, ratesOf }: WasteOracle): bigint {
  if (name !== 'uncached_context' && name !== 'unread_cache_write') {
    return sum(own.map(({ call }) => costOf(call)));
  }
  const groups = Map.groupBy(own, ({ call }) => `${call.provider} ${call.model} ${periodOf(call)}`);
  return sum([...groups.values()].map((group) => toPart(name, group, ratesOf)));
}

function toPart(
  name: 'uncached_context' | 'unread_cache_write',
  group: readonly Waste[],
  ratesOf: WasteOracle['ratesOf'],
): bigint {
  const [first] = group;
  if (first === undefined) return 0n;
  const { input, cacheRead, cacheWrite } = ratesOf(first.call);
  const rate = name === 'uncached_context' ? input - cacheRead : cacheWrite - input;
  const tokens = group.reduce((all, waste) => all + waste.tokens, 0);
  const cost = (BigInt(tokens) * rate) / 1_000_000n;
  const most = sum(group.map(({ call }) => costOf(call)));
  if (cost < 0n) return 0n;
  return cost < most ? cost : most;
}

/** Where the first call of the class lies, of the whole run; an unread write is known only in its range. */
function countRuns(
  name: string,
  own: readonly Waste[],
  all: readonly Call[],
  { range: { from, to } }: WasteOracle,
): number {
  const runIds = new Set(own.map(({ call }) => call.run.runId));
  if (name === 'unread_cache_write') return runIds.size;
  return [...runIds].filter((runId) => {
    const first = all.find(({ run, waste }) => run.runId === runId && waste?.class === name);
    return first !== undefined && first.startUnixNano >= from && first.startUnixNano < to;
  }).length;
}

function dearest(own: readonly Waste[]): [string, string][] {
  return [...Map.groupBy(own, ({ call }) => call.run.runId)]
    .map(([runId, ofRun]) => ({ runId, cost: sum(ofRun.map(({ call }) => costOf(call))) }))
    .sort((a, b) => (a.cost === b.cost ? (a.runId < b.runId ? -1 : 1) : a.cost < b.cost ? 1 : -1))
    .slice(0, 5)
    .map(({ runId, cost }) => [runId, toUsdText(cost)]);
}
