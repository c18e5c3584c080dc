import { array, assert, integer, option, property, record } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sketchSpans } from '../../run-spans.testing.ts';
import { toRunTree, type RunNode } from '../tree/run-tree.ts';
import { toModelCalls } from './model-calls.ts';
import { createSpent } from './spent.ts';
import { addTokens, noTokens, sumTokens, toTokenBuckets } from './token-buckets.ts';

const tokens = option(integer({ min: 0, max: 1_000 }));

/** A forest: each span lies in an earlier one, or in none. */
const forests = array(
  record({
    parent: integer({ min: -1, max: 30 }),
    isCall: integer({ min: 0, max: 1 }),
    inputTokens: tokens,
    outputTokens: tokens,
    cost: option(integer({ min: 0, max: 9 })),
  }),
  { maxLength: 30 },
);

describe('what is spent under a node', () => {
  test('is the sum over the calls that count at or below it', () => {
    assert(
      property(forests, (nodes) => {
        const tree = toRunTree(
          sketchSpans(
            nodes.map(({ parent, isCall, inputTokens, outputTokens, cost }, i) => ({
              id: `s${i}`,
              parent: parent < i && parent >= 0 ? `s${parent}` : '',
              at: i,
              kind: isCall === 1 ? 'llm' : 'agent',
              inputTokens: isCall === 1 ? inputTokens : null,
              outputTokens: isCall === 1 ? outputTokens : null,
              costTrillionths: isCall === 1 && cost !== null ? BigInt(cost) : null,
            })),
          ),
        );
        const calls = toModelCalls(tree);
        const spentUnder = createSpent(tree, calls);
        for (const node of tree.nodes)
          expect(spentUnder(node)).toEqual(sum(calls.filter((call) => isAtOrBelow(call, node))));
      }),
    );
  });
});

function isAtOrBelow(call: RunNode, node: RunNode): boolean {
  let at: RunNode | null = call;
  while (at !== null && at !== node) at = at.parent;
  return at === node;
}

function sum(calls: readonly RunNode[]): unknown {
  const priced = calls.flatMap(({ span }) =>
    span.costTrillionths === null ? [] : [span.costTrillionths],
  );
  const told = calls.flatMap(({ span: { inputTokens, outputTokens } }) =>
    inputTokens === null && outputTokens === null ? [] : [(inputTokens ?? 0) + (outputTokens ?? 0)],
  );
  return {
    calls: calls.length,
    tokens: told.length === 0 ? null : told.reduce((a, b) => a + b),
    costTrillionths: priced.length === 0 ? null : priced.reduce((a, b) => a + b),
  };
}

describe('tokens', () => {
  const [span] = sketchSpans([
    {
      id: 'a',
      inputTokens: 320,
      cacheReadTokens: 256,
      cacheWriteTokens: 10,
      outputTokens: 40,
      reasoningTokens: 12,
    },
  ]).spans;
  if (span === undefined) throw new Error('one span was made');

  test('go into buckets that add up to what was told', () => {
    const buckets = toTokenBuckets(span);
    expect([buckets, sumTokens(buckets)]).toEqual([
      { input: 54, cacheRead: 256, cacheWrite: 10, output: 28, reasoning: 12 },
      360,
    ]);
  });

  test('that nobody told stay unknown, and are no zero', () => {
    const silent = toTokenBuckets({ ...span, outputTokens: null, reasoningTokens: null });
    expect([silent.output, addTokens(silent, noTokens).output, sumTokens(noTokens)]).toEqual([
      null,
      null,
      null,
    ]);
  });
});
