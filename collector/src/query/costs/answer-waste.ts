/** What was spent for nothing, in classes that never add up to more than was spent. */
import { wasteClass, type WasteClass, type WasteReport, type WasteRow } from '../../contract.ts';
import { toPricePeriods } from '../../store/costs/price-periods.ts';
import { readCostCells } from '../../store/costs/read-costs.ts';
import {
  readWaste,
  readWastefulRuns,
  type WastefulRun,
  type WasteOfModel,
} from '../../store/costs/read-waste.ts';
import type { Reader } from '../../store/read-rows.ts';
import { toRunScope, type ScopeQuery } from '../run-scope.ts';
import { toIso } from '../time-range.ts';
import { readDays } from './days-of.ts';
import { toSaveable, toSaved, type InputPrices } from './list-rates.ts';
import { toShare, toUsdText } from './money.ts';
import { wasteClasses } from './waste-classes.ts';

export async function answerWaste(
  reader: Reader,
  query: ScopeQuery & { readonly project: string },
  prices: InputPrices,
): Promise<WasteReport> {
  const { range, scope } = toRunScope(query);
  const { days, allDays } = await readDays(reader, query.q, scope);
  const periods = toPricePeriods(scope, prices.changesOf(query.project));
  const [cells, waste, examples] = await Promise.all([
    readCostCells(reader, query.project, { scope, by: [], days, periods }),
    readWaste(reader, query.project, { scope, days, allDays, periods }),
    readWastefulRuns(reader, query.project, { scope, days }),
  ]);
  const total = cells[0]?.cost ?? 0n;
  const drafts = wasteClass.options
    .map((name) => toDraft(name, waste, prices))
    .filter(({ calls }) => calls > 0)
    .sort((a, b) => Number(b.cost - a.cost));
  return {
    from: toIso(range.from),
    to: toIso(range.to),
    totalUsd: toUsdText(total),
    wasteUsd: toUsdText(drafts.reduce((sum, { cost }) => sum + cost, 0n)),
    classes: drafts.map((draft) => toRow(draft, total, query.q, examples.get(draft.name) ?? [])),
  };
}

type Draft = {
  readonly name: WasteClass;
  readonly cost: bigint;
  readonly tokens: number;
  readonly calls: number;
  readonly runs: number;
};

function toDraft(name: WasteClass, waste: readonly WasteOfModel[], prices: InputPrices): Draft {
  const mine = waste.filter((one) => one.class === name);
  return {
    name,
    cost: mine.reduce((sum, one) => sum + toCost(name, one, prices), 0n),
    tokens: mine.reduce((sum, { tokens }) => sum + tokens, 0),
    calls: mine.reduce((sum, { calls }) => sum + calls, 0),
    runs: mine.reduce((sum, { runs }) => sum + runs, 0),
  };
}

/** Never more than the calls cost: prices in force may be higher than those that were paid. */
function toCost(name: WasteClass, one: WasteOfModel, prices: InputPrices): bigint {
  const { part } = wasteClasses[name];
  if (part === 'call') return one.cost;
  const rates = prices.findRates(one);
  if (rates === null) return 0n;
  const cost = part === 'resent' ? toSaveable(rates, one.tokens) : -toSaved(rates, 0, one.tokens);
  if (cost < 0n) return 0n;
  return cost < one.cost ? cost : one.cost;
}

function toRow(
  { name, cost, tokens, calls, runs }: Draft,
  total: bigint,
  q: string,
  examples: readonly WastefulRun[],
): WasteRow {
  const { rule, findings, filter } = wasteClasses[name];
  return {
    class: name,
    rule,
    costUsd: toUsdText(cost),
    tokens,
    calls,
    runs,
    share: toShare(cost, total),
    findings: [...findings],
    runsFilter: [q.trim(), filter].filter((part) => part !== '').join(' '),
    examples: examples.map((run) => ({
      runId: run.runId,
      traceId: run.traceId,
      workflow: run.workflow,
      costUsd: toUsdText(run.cost),
    })),
  };
}
