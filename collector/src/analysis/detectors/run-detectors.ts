/** All detectors over one run: each alone, so that one that breaks takes nothing with it. */
import {
  findingSeverities,
  type Finding,
  type FindingKind,
  type Run,
  type TokenBuckets,
  type Waste,
} from '../../run.ts';
import { allDetectors } from './all.ts';
import type { RunNode } from '../tree/run-tree.ts';
import type { Detected, Detector, DetectorInput } from './detector.ts';
import {
  defaultDetectorSettings,
  isAllowed,
  toThresholds,
  type DetectorSettings,
  type SettingsOf,
} from './settings.ts';

/** Of a run that everything is wrong with, the worst are told. */
export const maxFindingsPerRun = 100;

export type Verdicts = Pick<Run, 'findings'> & {
  /** Spans whose cost is the waste of a finding, by its kind. */
  readonly wasted: ReadonlyMap<FindingKind, readonly RunNode[]>;
  /** Those that threw: their verdict is missing. */
  readonly failedDetectors: readonly FindingKind[];
};

export function runDetectors(
  input: DetectorInput,
  settingsOf: SettingsOf = () => defaultDetectorSettings,
  detectors: readonly Detector[] = allDetectors,
): Verdicts {
  const findings: Finding[] = [];
  const failedDetectors: FindingKind[] = [];
  const wasted = new Map<FindingKind, RunNode[]>();
  for (const detector of detectors) {
    const settings = settingsOf(detector.kind);
    if (settings.muted) continue;
    const found = detectAlone(detector, input, settings);
    if (found === null) failedDetectors.push(detector.kind);
    else
      for (const { wasted: nodes = [], ...finding } of found) {
        findings.push(withCappedWaste(finding, input.run));
        if (nodes.length > 0) add(wasted, finding.kind, nodes);
      }
  }
  return {
    findings: findings.sort(compareFindings).slice(0, maxFindingsPerRun),
    failedDetectors,
    wasted,
  };
}

function add(
  wasted: Map<FindingKind, RunNode[]>,
  kind: FindingKind,
  nodes: readonly RunNode[],
): void {
  const known = wasted.get(kind);
  if (known === undefined) wasted.set(kind, [...nodes]);
  else for (const node of nodes) known.push(node);
}

/** null = it threw. What it threw says nothing that a reader of the run could use: the name of the detector does. */
function detectAlone(
  detector: Detector,
  input: DetectorInput,
  { allow, thresholds }: DetectorSettings,
): readonly Detected[] | null {
  try {
    const found = detector.detect(input, toThresholds(detector, thresholds));
    return found.filter(({ subject }) => !isAllowed(allow, subject));
  } catch {
    return null;
  }
}

function withCappedWaste(finding: Finding, run: DetectorInput['run']): Finding {
  return { ...finding, waste: capWaste(finding.waste, run) };
}

/** A run cannot have wasted more than it took; what is not known of it is not known of its waste. */
function capWaste({ ms, tokens, costTrillionths: cost }: Waste, run: DetectorInput['run']): Waste {
  const spent = sumOf(run.tokens);
  const paid = run.costTrillionths;
  return {
    ms: ms === null ? null : Math.min(ms, run.durationNs / 1e6),
    tokens: tokens === null || spent === null ? null : Math.min(tokens, spent),
    costTrillionths: cost === null || paid === null ? null : cost < paid ? cost : paid,
  };
}

function sumOf(tokens: TokenBuckets): number | null {
  const told = Object.values(tokens).filter((bucket) => bucket !== null);
  return told.length === 0 ? null : told.reduce((sum, bucket) => sum + bucket, 0);
}

/** Worst first: severity, then money, tokens and time. The rest only makes the order the same every time. */
function compareFindings(a: Finding, b: Finding): number {
  return (
    findingSeverities.indexOf(b.severity) - findingSeverities.indexOf(a.severity) ||
    compare(b.waste.costTrillionths ?? -1n, a.waste.costTrillionths ?? -1n) ||
    compare(b.waste.tokens ?? -1, a.waste.tokens ?? -1) ||
    compare(b.waste.ms ?? -1, a.waste.ms ?? -1) ||
    compare(a.kind, b.kind) ||
    compare(a.subject, b.subject) ||
    compare(a.sentence, b.sentence)
  );
}

function compare<T extends string | number | bigint>(a: T, b: T): number {
  return a < b ? -1 : Number(a > b);
}
