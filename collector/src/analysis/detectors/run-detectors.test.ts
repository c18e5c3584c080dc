import { expect, test } from 'vitest';
import type { Finding, FindingKind } from '../../run.ts';
import { sketchSpans } from '../../run-spans.testing.ts';
import { allDetectors } from './all.ts';
import { defineDetector, type Detector } from './detector.ts';
import { toTestInput } from './input.testing.ts';
import { maxFindingsPerRun, runDetectors } from './run-detectors.ts';
import { defaultDetectorSettings, type DetectorSettings } from './settings.ts';
import { maxEvidenceSpans, toFinding } from './to-finding.ts';
import { noWaste } from './waste.ts';

const input = toTestInput(
  sketchSpans([
    { id: 'run', kind: 'workflow', until: 100 },
    ...Array.from({ length: 150 }, (_, at) => ({
      id: `call ${at}`,
      parent: 'run',
      kind: 'llm' as const,
      at: at / 2,
      inputTokens: 1,
      outputTokens: 1,
      costTrillionths: 5n,
    })),
  ]),
);

function find(
  kind: FindingKind,
  findings: (least: number) => readonly Partial<Finding>[],
): Detector {
  return defineDetector({
    kind,
    thresholds: {
      least: { default: 3, min: 1, max: 10, unit: 'count', description: 'For tests.' },
    },
    detect: ({ tree }, { least }) => {
      const plain = toFinding({
        kind,
        severity: 'warning',
        subject: kind,
        sentence: `${kind}.`,
        advice: 'None.',
        nodes: tree.nodes,
        waste: noWaste,
        threshold: { name: 'least', value: least, measured: least },
      });
      const toGiven = (given: Partial<Finding>): Finding => ({ ...plain, ...given });
      return findings(least).map(toGiven);
    },
  });
}
const broken: Detector = {
  ...find('deadlock', () => []),
  detect: () => {
    throw new Error('broken');
  },
};
const set = (settings: Partial<DetectorSettings>) => () => ({
  ...defaultDetectorSettings,
  ...settings,
});

test('a detector that throws is named, and the others go on', () => {
  const { findings, failedDetectors } = runDetectors(input, undefined, [
    find('loop', () => [{}]),
    broken,
    find('straggler', () => [{}]),
  ]);
  expect(failedDetectors).toEqual(['deadlock']);
  expect(findings.map(({ kind }) => kind)).toEqual(['loop', 'straggler']);
});

test('a muted detector is not even run', () => {
  const verdicts = runDetectors(input, set({ muted: true }), [broken, find('loop', () => [{}])]);
  expect(verdicts).toEqual({ findings: [], failedDetectors: [], wasted: new Map() });
});

test('what is allowed is not reported, by its whole name or by its beginning', () => {
  const loops = find('loop', () =>
    ['poll', 'poll_mail', 'polling', 'job_status'].map((subject) => ({ subject })),
  );
  const subjects = (allow: string[]): string[] =>
    runDetectors(input, set({ allow }), [loops]).findings.map(({ subject }) => subject);
  expect(subjects(['poll'])).toEqual(['job_status', 'poll_mail', 'polling']);
  expect(subjects(['poll*'])).toEqual(['job_status']);
  expect(subjects(['*'])).toEqual([]);
  expect(subjects([''])).toHaveLength(4);
});

test.each([
  ['is the default where nothing is set', {}, 3],
  ['is what is set', { least: 7 }, 7],
  ['is never beyond its range', { least: 99 }, 10],
  ['is never below its range', { least: -1 }, 1],
  ['is the default where no number is set', { least: Number.NaN }, 3],
  ['has nothing to do with others', { most: 7 }, 3],
])('a threshold %s', (_, thresholds: Record<string, number>, expected) => {
  const [finding] = runDetectors(input, set({ thresholds }), [find('loop', () => [{}])]).findings;
  expect(finding?.threshold.value).toBe(expected);
});

test('the worst comes first: by severity, then by money, tokens and time', () => {
  const waste = (ms: number, tokens: number, cost: bigint) => ({
    waste: { ms, tokens, costTrillionths: cost },
  });
  const loops = find('loop', () => [
    { subject: 'cheap', ...waste(1, 1, 1n) },
    { subject: 'slow', ...waste(50, 1, 1n) },
    { subject: 'info', severity: 'info', ...waste(99, 99, 99n) },
    { subject: 'dear', ...waste(1, 1, 7n) },
    { subject: 'long', ...waste(1, 9, 1n) },
    { subject: 'critical', severity: 'critical' },
  ]);
  const { findings } = runDetectors(input, undefined, [loops]);
  expect(findings.map(({ subject }) => subject)).toEqual([
    'critical',
    'dear',
    'long',
    'slow',
    'cheap',
    'info',
  ]);
});

test('nothing wastes more than the run took', () => {
  const huge = { ms: 1e12, tokens: 1e12, costTrillionths: 10n ** 20n };
  const [finding] = runDetectors(input, undefined, [
    find('loop', () => [{ waste: huge }]),
  ]).findings;
  expect(finding?.waste).toEqual({ ms: 100, tokens: 300, costTrillionths: 750n });
});

test('where the run does not know what it spent, its waste is not known either', () => {
  const silent = toTestInput(sketchSpans([{ id: 'run', kind: 'workflow', until: 10 }]));
  const waste = { ms: 3, tokens: 4, costTrillionths: 5n };
  const [finding] = runDetectors(silent, undefined, [find('loop', () => [{ waste }])]).findings;
  expect(finding?.waste).toEqual({ ms: 3, tokens: null, costTrillionths: null });
});

test('a run has a bounded number of findings, and a finding of spans', () => {
  const many = find('loop', () => Array.from({ length: 500 }, (_, at) => ({ subject: `${at}` })));
  const { findings } = runDetectors(input, undefined, [many]);
  expect(findings).toHaveLength(maxFindingsPerRun);
  expect(findings[0]?.spans).toHaveLength(maxEvidenceSpans);
  expect(findings[0]?.spanCount).toBe(151);
});

test('there is one detector a kind, and every threshold has a default within its range', () => {
  const kinds = allDetectors.map(({ kind }) => kind);
  expect(new Set(kinds).size).toBe(kinds.length);
  for (const { thresholds } of allDetectors) {
    for (const { default: usual, min, max, description } of Object.values(thresholds)) {
      expect(usual).toBeGreaterThanOrEqual(min);
      expect(usual).toBeLessThanOrEqual(max);
      expect(description).toMatch(/\.$/);
    }
  }
});
