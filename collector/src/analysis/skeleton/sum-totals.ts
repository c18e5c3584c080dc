/** Sums over a whole trace. Money is added exactly, as whole trillionths of a dollar. */
import type { TraceSkeleton } from '../../contract.ts';
import { spanKinds } from '../../span.ts';
import type { TextColumn } from '../../store/read-native.ts';
import { unknownCost } from '../../store/read-skeleton.ts';

export type TotalColumns = {
  readonly kind: Uint8Array;
  readonly agent: TextColumn;
  readonly status: Int8Array;
  readonly inputTokens: Float64Array;
  readonly outputTokens: Float64Array;
  /** Trillionths of a USD. */
  readonly cost: BigInt64Array;
};

const llmKind = spanKinds.indexOf('llm');
const embeddingKind = spanKinds.indexOf('embedding');
const toolKind = spanKinds.indexOf('tool');
const errorStatus = 2;

export function sumTotals(columns: TotalColumns): TraceSkeleton['totals'] {
  const llmCalls = count(columns.kind, llmKind);
  const { priced, cost } = sumCost(columns.cost);
  return {
    spans: columns.kind.length,
    errors: count(columns.status, errorStatus),
    llmCalls,
    toolCalls: count(columns.kind, toolKind),
    inputTokens: sumKnown(columns.inputTokens),
    outputTokens: sumKnown(columns.outputTokens),
    costUsd: priced === 0 ? null : toUsdText(cost),
    unpricedCalls: countUnpriced(columns),
    agents: agentsOf(columns.agent),
  };
}

function count(values: Uint8Array | Int8Array, wanted: number): number {
  let total = 0;
  for (const value of values) if (value === wanted) total += 1;
  return total;
}

/** A call that failed before it told any tokens is not known to have cost anything. */
function countUnpriced(columns: TotalColumns): number {
  let total = 0;
  for (let row = 0; row < columns.kind.length; row += 1) {
    const isCall = columns.kind[row] === llmKind || columns.kind[row] === embeddingKind;
    const hasTokens =
      (columns.inputTokens[row] ?? -1) >= 0 || (columns.outputTokens[row] ?? -1) >= 0;
    const isFailure = columns.status[row] === errorStatus && !hasTokens;
    if (isCall && columns.cost[row] === unknownCost && !isFailure) total += 1;
  }
  return total;
}

function sumCost(costs: BigInt64Array): { readonly priced: number; readonly cost: bigint } {
  let priced = 0;
  let sum = 0n;
  for (const cost of costs) {
    if (cost === unknownCost) continue;
    priced += 1;
    sum += cost;
  }
  return { priced, cost: sum };
}

/** Null when none was told. */
function sumKnown(values: Float64Array): number | null {
  let total: number | null = null;
  for (const value of values) if (value >= 0) total = (total ?? 0) + value;
  return total;
}

/** A text may be there for older copies alone. */
function agentsOf({ texts, index }: TextColumn): string[] {
  const agents = Array.from(new Set(index), (number) => texts[number] ?? '');
  return agents.filter((agent) => agent !== '').toSorted();
}

const decimals = 12;

export function toUsdText(trillionths: bigint): string {
  const digits = String(trillionths < 0n ? -trillionths : trillionths).padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  const sign = trillionths < 0n ? '-' : '';
  return `${sign}${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}
