/** Spans of connected traces in, verdicts out. Pure: the same spans and settings at the same time give the same runs. */
import type { RunSpans } from '../run-span.ts';
import type { Run } from '../run.ts';
import { analysisVersion } from './analysis-version.ts';
import { toCriticalPath } from './critical-path/to-critical-path.ts';
import { runDetectors } from './detectors/run-detectors.ts';
import { toSettingsOf, type DetectorRules } from './detectors/settings.ts';
import { recognizePattern } from './pattern/recognize-pattern.ts';
import { toRunFacts } from './run/to-run.ts';
import { splitRuns } from './stitch/split-runs.ts';
import { toRunTree } from './tree/run-tree.ts';
import { createSpent } from './usage/spent.ts';
import { toModelCalls } from './usage/model-calls.ts';
import { toCallWaste } from './waste/to-call-waste.ts';

export type AnalysisContext = {
  readonly projectId: string;
  readonly nowUnixNano: bigint;
  readonly rules: DetectorRules;
};

export function analyzeSpans(spans: RunSpans, context: AnalysisContext): Run[] {
  return splitRuns(spans).map((part) => analyzeRun(part.runId, part.spans, context));
}

function analyzeRun(runId: string, spans: RunSpans, context: AnalysisContext): Run {
  const { projectId, nowUnixNano, rules } = context;
  const tree = toRunTree(spans);
  const modelCalls = toModelCalls(tree);
  const spentUnder = createSpent(tree, modelCalls);
  const nowNs = Number(nowUnixNano - spans.baseUnixNano);
  const { leftOut } = spans;
  const figures = { tree, modelCalls, spentUnder, nowNs };
  const facts = toRunFacts({ ...figures, projectId, runId, leftOut, analysisVersion });
  const run = {
    ...facts,
    ...recognizePattern(tree),
    criticalPath: toCriticalPath(tree, modelCalls),
  };
  const verdicts = runDetectors({ ...figures, run }, toSettingsOf(rules, run.workflow));
  const { findings, failedDetectors, wasted } = verdicts;
  const waste = toCallWaste({ tree, modelCalls, status: run.status, findings, wasted });
  return {
    ...run,
    modelCalls: run.modelCalls.map((call, at) =>
      Object.assign({}, call, { waste: waste[at] ?? null }),
    ),
    findings,
    failedDetectors,
  };
}
