import type { Spent } from '../detectors/detector.ts';
import { toSubtrees } from '../tree/subtrees.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { sumTokens, toTokenBuckets } from './token-buckets.ts';

/** What a node and all below it spent: one pass to prepare, two steps to ask, however many nodes are asked for. */
export function createSpent(
  tree: RunTree,
  modelCalls: readonly RunNode[],
): (node: RunNode) => Spent {
  const { from, until } = toSubtrees(tree);
  const sums = toSums(tree.nodes.length, from, modelCalls);
  return (node) => {
    const [start, end] = [from[node.at] ?? 0, until[node.at] ?? 0];
    const told = (sums.told[end] ?? 0) - (sums.told[start] ?? 0);
    const priced = (sums.priced[end] ?? 0) - (sums.priced[start] ?? 0);
    return {
      calls: (sums.calls[end] ?? 0) - (sums.calls[start] ?? 0),
      tokens: told === 0 ? null : (sums.tokens[end] ?? 0) - (sums.tokens[start] ?? 0),
      costTrillionths: priced === 0 ? null : (sums.cost[end] ?? 0n) - (sums.cost[start] ?? 0n),
    };
  };
}

/** Each holds, by position, what all before it spent. */
type Sums = {
  readonly calls: Float64Array;
  readonly told: Float64Array;
  readonly tokens: Float64Array;
  readonly priced: Float64Array;
  readonly cost: readonly bigint[];
};

function toSums(size: number, from: Int32Array, modelCalls: readonly RunNode[]): Sums {
  const callAt = new Map(modelCalls.map((call) => [from[call.at] ?? 0, call]));
  const [calls, told, tokens, priced] = Array.from({ length: 4 }, () => new Float64Array(size + 1));
  const cost: bigint[] = [0n];
  if (!calls || !told || !tokens || !priced) throw new Error('four sums were made');
  for (let i = 0; i < size; i += 1) {
    const span = callAt.get(i)?.span;
    const spent = span === undefined ? null : sumTokens(toTokenBuckets(span));
    const price = span?.costTrillionths ?? null;
    calls[i + 1] = (calls[i] ?? 0) + Number(span !== undefined);
    told[i + 1] = (told[i] ?? 0) + Number(spent !== null);
    tokens[i + 1] = (tokens[i] ?? 0) + (spent ?? 0);
    priced[i + 1] = (priced[i] ?? 0) + Number(price !== null);
    cost.push((cost[i] ?? 0n) + (price ?? 0n));
  }
  return { calls, told, tokens, priced, cost };
}
