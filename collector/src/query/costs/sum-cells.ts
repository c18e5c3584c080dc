import { addCached, addUncached } from '../../store/costs/add-uses.ts';
import type { CostCell } from '../../store/costs/read-costs.ts';

const nothing: CostCell = {
  keys: [],
  cost: 0n,
  reported: 0n,
  computed: null,
  compared: { calls: 0, reported: 0n, computed: 0n },
  estimated: 0n,
  calls: 0,
  pricedCalls: 0,
  tokens: { input: 0, cacheRead: 0, cacheWrite: 0, output: 0, reasoning: 0 },
  runs: 0,
  successfulRuns: 0,
  handoffs: 0,
  ofAllRuns: { runs: 0, successfulRuns: 0, handoffs: 0 },
  silentCalls: 0,
  conflictingCalls: 0,
  waste: 0n,
  cached: [],
  uncached: [],
};

/** Of cells that share no call and no run: those of different projects. */
export function sumCells(cells: readonly CostCell[]): CostCell {
  return {
    ...cells.reduce(add, nothing),
    cached: addCached(cells.flatMap(({ cached }) => cached)),
    uncached: addUncached(cells.flatMap(({ uncached }) => uncached)),
  };
}

/** Of all cells of one report: they share runs, but no calls. */
export function toTotal(cells: readonly CostCell[]): CostCell {
  const sum = sumCells(cells);
  return { ...sum, ...sum.ofAllRuns };
}

function add(a: CostCell, b: CostCell): CostCell {
  return {
    keys: a.keys,
    cost: a.cost + b.cost,
    reported: a.reported + b.reported,
    computed: b.computed === null ? a.computed : (a.computed ?? 0n) + b.computed,
    compared: {
      calls: a.compared.calls + b.compared.calls,
      reported: a.compared.reported + b.compared.reported,
      computed: a.compared.computed + b.compared.computed,
    },
    estimated: a.estimated + b.estimated,
    calls: a.calls + b.calls,
    pricedCalls: a.pricedCalls + b.pricedCalls,
    tokens: {
      input: a.tokens.input + b.tokens.input,
      cacheRead: a.tokens.cacheRead + b.tokens.cacheRead,
      cacheWrite: a.tokens.cacheWrite + b.tokens.cacheWrite,
      output: a.tokens.output + b.tokens.output,
      reasoning: a.tokens.reasoning + b.tokens.reasoning,
    },
    runs: a.runs + b.runs,
    successfulRuns: a.successfulRuns + b.successfulRuns,
    handoffs: a.handoffs + b.handoffs,
    ofAllRuns: {
      runs: a.ofAllRuns.runs + b.ofAllRuns.runs,
      successfulRuns: a.ofAllRuns.successfulRuns + b.ofAllRuns.successfulRuns,
      handoffs: a.ofAllRuns.handoffs + b.ofAllRuns.handoffs,
    },
    silentCalls: a.silentCalls + b.silentCalls,
    conflictingCalls: a.conflictingCalls + b.conflictingCalls,
    waste: a.waste + b.waste,
    // Those of all cells are added up at once.
    cached: [],
    uncached: [],
  };
}
