/** Sums over a whole trace. Money is added exactly, as whole trillionths of a dollar. */
import type { TraceSkeleton } from '../../contract.ts';
import { spanKinds } from '../../span.ts';

export type TotalColumns = {
  readonly kind: readonly number[];
  readonly agent: readonly string[];
  readonly status: readonly number[];
  readonly inputTokens: readonly number[];
  readonly outputTokens: readonly number[];
  readonly costUsd: readonly string[];
};

const llmKind = spanKinds.indexOf('llm');
const embeddingKind = spanKinds.indexOf('embedding');
const toolKind = spanKinds.indexOf('tool');
const errorStatus = 2;

export function sumTotals(columns: TotalColumns): TraceSkeleton['totals'] {
  const calls = columns.kind.filter((kind) => kind === llmKind || kind === embeddingKind).length;
  const costs = columns.costUsd.filter((cost) => cost !== '');
  return {
    spans: columns.kind.length,
    errors: count(columns.status, errorStatus),
    llmCalls: count(columns.kind, llmKind),
    toolCalls: count(columns.kind, toolKind),
    inputTokens: sumKnown(columns.inputTokens),
    outputTokens: sumKnown(columns.outputTokens),
    costUsd: costs.length === 0 ? null : sumUsd(costs),
    unpricedCalls: calls - costs.length,
    agents: [...new Set(columns.agent)].filter((agent) => agent !== '').toSorted(),
  };
}

function count(values: readonly number[], wanted: number): number {
  return values.reduce((total, value) => total + (value === wanted ? 1 : 0), 0);
}

/** Null when none was told. */
function sumKnown(values: readonly number[]): number | null {
  return values.reduce<number | null>(
    (total, value) => (value < 0 ? total : (total ?? 0) + value),
    null,
  );
}

const decimals = 12;

export function sumUsd(costs: readonly string[]): string {
  const total = costs.reduce((sum, cost) => sum + toUnits(cost), 0n);
  const digits = String(total < 0n ? -total : total).padStart(decimals + 1, '0');
  const fraction = digits.slice(-decimals).replace(/0+$/, '');
  const sign = total < 0n ? '-' : '';
  return `${sign}${digits.slice(0, -decimals)}${fraction === '' ? '' : `.${fraction}`}`;
}

function toUnits(cost: string): bigint {
  const [whole = '0', fraction = ''] = cost.split('.');
  return BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals));
}
