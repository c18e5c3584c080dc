/** What detectors are given of a run, for tests that look at one detector and not at the whole of analysis. */
import type { RunSpans } from '../../run-span.ts';
import { toCriticalPath } from '../critical-path/to-critical-path.ts';
import { recognizePattern } from '../pattern/recognize-pattern.ts';
import { toRunFacts } from '../run/to-run.ts';
import { toRunTree } from '../tree/run-tree.ts';
import { toModelCalls } from '../usage/model-calls.ts';
import { createSpent } from '../usage/spent.ts';
import type { DetectorInput } from './detector.ts';

/** All spans are one run. Unless told, now is a second after the last thing that happened. */
export function toTestInput(spans: RunSpans, nowMs?: number): DetectorInput {
  const tree = toRunTree(spans);
  const modelCalls = toModelCalls(tree);
  const spentUnder = createSpent(tree, modelCalls);
  const nowNs = nowMs === undefined ? tree.endNs + 1e9 : nowMs * 1e6;
  const figures = { tree, modelCalls, spentUnder, nowNs };
  const { leftOut } = spans;
  const facts = toRunFacts({
    ...figures,
    projectId: 'shop',
    runId: 'run',
    leftOut,
    analysisVersion: 1,
  });
  const run = {
    ...facts,
    ...recognizePattern(tree),
    criticalPath: toCriticalPath(tree, modelCalls),
  };
  return { ...figures, run };
}
