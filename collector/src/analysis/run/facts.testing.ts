/** Facts of runs for tests, from sketches or from what a sender sent. */
import type { RunSpans } from '../../run-span.ts';
import { sketchSpans, type Sketch } from '../../run-spans.testing.ts';
import { splitRuns } from '../stitch/split-runs.ts';
import { toRunTree } from '../tree/run-tree.ts';
import { toModelCalls } from '../usage/model-calls.ts';
import { toRunFacts, type RunFacts } from './to-run.ts';

/** Of the only run among the sketches. Unless told, now is a second after the last thing that happened. */
export function sketchFacts(sketches: readonly Sketch[], nowMs?: number): RunFacts {
  const [facts, ...others] = toFacts(sketchSpans(sketches), nowMs);
  if (facts === undefined || others.length > 0)
    throw new Error(`expected one run among the sketches, found ${others.length}`);
  return facts;
}

export function toFacts(spans: RunSpans, nowMs?: number): RunFacts[] {
  return splitRuns(spans).map(({ runId, spans }) => {
    const tree = toRunTree(spans);
    return toRunFacts({
      projectId: 'default',
      runId,
      tree,
      leftOut: spans.leftOut,
      nowNs: nowMs === undefined ? tree.endNs + 1e9 : nowMs * 1e6,
      analysisVersion: 1,
      modelCalls: toModelCalls(tree),
    });
  });
}
