/** Which calls of a run need not have been made, each in one class at most: what they cost never adds up to more. */
import type { CallWaste, FindingKind, Run, WasteClass } from '../../run.ts';
import { toTries } from '../detectors/retry-layers.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { toSubtrees } from '../tree/subtrees.ts';
import { sumTokens, toTokenBuckets } from '../usage/token-buckets.ts';
import { toFailedTries } from './failed-tries.ts';
import { toResentTokens } from './resent-tokens.ts';
import { toUnreadCalls } from './unread-calls.ts';

export type WasteInput = {
  readonly tree: RunTree;
  /** Those that count, in order of start time. */
  readonly modelCalls: readonly RunNode[];
  readonly status: Run['status'];
  readonly findings: Run['findings'];
  /** Spans whose cost is the waste of a finding, by its kind. */
  readonly wasted: ReadonlyMap<FindingKind, readonly RunNode[]>;
};

/** One entry a call, null where it was of use as far as its run tells. */
export function toCallWaste(input: WasteInput): readonly (CallWaste | null)[] {
  const { tree, modelCalls, wasted } = input;
  const whole = ofTheWholeRun(input);
  if (whole !== null) return modelCalls.map((call) => toWaste(whole, call));
  const below = createBelow(tree);
  const classes: readonly (readonly [WasteClass, ReadonlySet<number>])[] = [
    ['loop_iteration', below(wasted.get('loop') ?? [])],
    ['retried_attempt', below(toFailedTries(tree, toTries(tree)))],
    ['repeated_prompt', below(wasted.get('repeated_prompt') ?? [])],
    ['unused_tool_result', new Set(toUnreadCalls(input).map(({ at }) => at))],
  ];
  const resent = toResentTokens(modelCalls);
  return modelCalls.map((call) => {
    const found = classes.find(([, places]) => places.has(call.at));
    if (found !== undefined) return toWaste(found[0], call);
    const tokens = resent.get(call) ?? 0;
    return tokens === 0 ? null : { class: 'uncached_context', tokens };
  });
}

/** What came of nothing was for nothing. */
function ofTheWholeRun({ status, findings }: WasteInput): WasteClass | null {
  if (findings.some(({ kind }) => kind === 'abandoned_run')) return 'abandoned_run';
  return status === 'failed' ? 'failed_run' : null;
}

function toWaste(wasteClass: WasteClass, { span }: RunNode): CallWaste {
  return { class: wasteClass, tokens: sumTokens(toTokenBuckets(span)) ?? 0 };
}

/** Places of the nodes and of all below them. */
function createBelow(tree: RunTree): (nodes: readonly RunNode[]) => ReadonlySet<number> {
  const { topDown, from, until } = toSubtrees(tree);
  return (nodes) => {
    const places = new Set<number>();
    for (const { at } of nodes) {
      // A node that is there already brought all below it.
      if (places.has(at)) continue;
      for (let i = from[at] ?? 0; i < (until[at] ?? 0); i += 1) {
        const node = topDown[i];
        if (node !== undefined) places.add(node.at);
      }
    }
    return places;
  };
}
