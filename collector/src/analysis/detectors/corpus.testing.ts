/**
 * The labelled corpus of findings, and how well detectors do on it. `testdata/findings/<kind>/truth.ts` was written with
 * the rule and must stay right; `heldout.ts` beside it by somebody who had not read the rule, and is only measured.
 * `tune.ts` is what thresholds and rules were changed after, and counts for nothing.
 */
import type { FindingKind, Finding } from '../../run.ts';
import { sketchSpans, type Sketch } from '../../run-spans.testing.ts';
import type { RunSpans } from '../../run-span.ts';
import { runDetectors } from './run-detectors.ts';
import { toTestInput } from './input.testing.ts';
import { defaultDetectorSettings } from './settings.ts';

/** What a finding of the kind must be; what is left out may be anything. */
export type Label = { readonly variant?: string; readonly subject?: string };

export type FindingCase = {
  /** One sentence: what goes on in this run. */
  readonly name: string;
  /** Every finding of the kind that there is; none = a look-alike. */
  readonly finds: readonly Label[];
  readonly spans: readonly Sketch[] | RunSpans;
  /** Milliseconds since the first span; a second after the last thing that happened unless told. */
  readonly nowMs?: number;
};

export type Corpus = {
  readonly kind: FindingKind;
  readonly truth: readonly FindingCase[];
  readonly tune: readonly FindingCase[];
  readonly heldOut: readonly FindingCase[];
};

export type Verdict = {
  readonly name: string;
  readonly found: readonly Finding[];
  readonly missed: readonly Label[];
  /** Findings that no label asks for. */
  readonly wrong: readonly Finding[];
};

export type Score = {
  readonly trueCases: number;
  readonly lookAlikes: number;
  /** Share of the findings that are right; 1 when there are none. */
  readonly precision: number;
  /** Share of the labels that were found. */
  readonly recall: number;
  /** Cases with something missed or wrong. */
  readonly failures: readonly Verdict[];
};

export function findIn(kind: FindingKind, { spans, nowMs }: FindingCase): readonly Finding[] {
  const input = toTestInput(isRunSpans(spans) ? spans : sketchSpans(spans), nowMs);
  const settingsOf = (other: FindingKind) => ({
    ...defaultDetectorSettings,
    muted: other !== kind,
  });
  const { findings, failedDetectors } = runDetectors(input, settingsOf);
  if (failedDetectors.length > 0) throw new Error(`the detector ${kind} threw`);
  return findings;
}

export function judge(kind: FindingKind, example: FindingCase): Verdict {
  const found = findIn(kind, example);
  const missed: Label[] = [];
  const wrong = new Set(found);
  for (const label of example.finds) {
    const match = [...wrong].find((finding) => fits(finding, label));
    if (match === undefined) missed.push(label);
    else wrong.delete(match);
  }
  return { name: example.name, found, missed, wrong: [...wrong] };
}

export function score(kind: FindingKind, cases: readonly FindingCase[]): Score {
  const verdicts = cases.map((example) => judge(kind, example));
  const count = (pick: (verdict: Verdict) => readonly unknown[]): number =>
    verdicts.reduce((sum, verdict) => sum + pick(verdict).length, 0);
  const labels = cases.reduce((sum, { finds }) => sum + finds.length, 0);
  const found = count((verdict) => verdict.found);
  const trueCases = cases.filter(({ finds }) => finds.length > 0).length;
  return {
    trueCases,
    lookAlikes: cases.length - trueCases,
    precision: found === 0 ? 1 : 1 - count(({ wrong }) => wrong) / found,
    recall: labels === 0 ? 1 : 1 - count(({ missed }) => missed) / labels,
    failures: verdicts.filter(({ missed, wrong }) => missed.length + wrong.length > 0),
  };
}

function fits(finding: Finding, { variant, subject }: Label): boolean {
  return (
    (variant === undefined || finding.variant === variant) &&
    (subject === undefined || finding.subject === subject)
  );
}

function isRunSpans(spans: FindingCase['spans']): spans is RunSpans {
  return 'baseUnixNano' in spans;
}
