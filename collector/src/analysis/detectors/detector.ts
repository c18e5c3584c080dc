/** What a detector is: a pure function of a run, with thresholds that a user may set. Same run, same verdict. */
import type { Finding, FindingKind, Run } from '../../run.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';

export type ThresholdSpec = {
  /** A verdict that this alone decides is given at this value and beyond. */
  readonly default: number;
  readonly min: number;
  readonly max: number;
  readonly unit: 'count' | 'ms' | 'tokens' | 'share' | 'ratio' | 'usd';
  /** One sentence for the page of the detector and the form that sets it. */
  readonly description: string;
};

export type Thresholds<Name extends string> = Readonly<Record<Name, number>>;

/** Tokens and cost of model calls that count, see `usage/`. */
export type Spent = {
  readonly calls: number;
  /** All buckets together; null when no call told any. */
  readonly tokens: number | null;
  /** null when no call is priced. */
  readonly costTrillionths: bigint | null;
};

export type DetectorInput = {
  readonly tree: RunTree;
  /** All but the findings. */
  readonly run: Omit<Run, 'findings' | 'failedDetectors'>;
  /** Model calls that count, in order of start time: each call once, however many spans tell of it. */
  readonly modelCalls: readonly RunNode[];
  /** Spent by the node and all below it. */
  readonly spentUnder: (node: RunNode) => Spent;
  /** Now, in the time of the tree: a run that says nothing for long is judged by it. */
  readonly nowNs: number;
};

/** A finding, with the spans whose cost is its waste: they stay within one analysis. */
export type Detected = Finding & { readonly wasted?: readonly RunNode[] };

export type Detector<Name extends string = string> = {
  readonly kind: FindingKind;
  readonly thresholds: Readonly<Record<Name, ThresholdSpec>>;
  /** A method, so that a detector that names its thresholds is also one of any names. */
  detect(input: DetectorInput, thresholds: Thresholds<Name>): readonly Detected[];
};

/** Keeps the names of thresholds in the type of `detect`. */
export function defineDetector<Name extends string>(detector: Detector<Name>): Detector<Name> {
  return detector;
}
