import { allDetectors } from '../../collector/src/analysis/detectors/all.ts';
import {
  score,
  type Corpus,
  type Verdict,
} from '../../collector/src/analysis/detectors/corpus.testing.ts';
import type { Detector } from '../../collector/src/analysis/detectors/detector.ts';
import type { FindingKind } from '../../collector/src/run.ts';
import { corpora } from '../../collector/testdata/findings/corpora.ts';
import {
  firstMeasured,
  firstMeasuredElsewhere,
  firstMeasuredOn,
  type FirstMeasured,
} from '../../collector/testdata/findings/heldout-first.ts';
import { code, toPage, toTable } from './markdown.ts';

/** Path below the repository -> what it says: one page a detector, and one of how good they all are. */
export function createDetectorPages(
  read: (path: string) => string,
): readonly (readonly [path: string, text: string])[] {
  const pages = allDetectors.map((detector): Page => {
    const source = `collector/src/analysis/detectors/pages/${detector.kind}.md`;
    const [title = '', ...body] = read(source).replace(/^# /, '').split('\n');
    const corpus = corpora.find(({ kind }) => kind === detector.kind);
    if (corpus === undefined) throw new Error(`${detector.kind} has no labelled runs`);
    return { detector, title, source, body: body.join('\n').trim(), corpus };
  });
  return [
    ['docs/detectors.md', toOverview(pages)],
    ...pages.map(
      (page) => [`docs/detectors/${page.detector.kind}.md`, toDetectorPage(page)] as const,
    ),
  ];
}

type Page = {
  readonly detector: Detector;
  readonly title: string;
  readonly source: string;
  readonly body: string;
  readonly corpus: Corpus;
};

function toOverview(pages: readonly Page[]): string {
  const rows = pages.map(({ detector: { kind }, title, corpus }) => {
    const { trueCases, lookAlikes, precision, recall } = score(kind, corpus.truth);
    const cases = [trueCases, lookAlikes].map(String);
    return [
      `[${title}](detectors/${kind}.md)`,
      code(kind),
      ...cases,
      share(precision),
      share(recall),
      share(firstPrecision(firstOf(kind))),
      share(firstRecall(firstOf(kind))),
    ];
  });
  const first = sumOf(pages.map(({ detector: { kind } }) => firstOf(kind)));
  const reports = first.found + first.wrong;
  const elsewhere = firstMeasuredElsewhere;
  return toPage(
    'Detectors',
    'the [labelled runs](../collector/testdata/findings) and the [detectors](../collector/src/analysis/detectors)',
    [
      'A detector reads the spans of a run and says what went wrong in it: with the spans that show it, what it wasted, what to',
      'change, and the threshold that decided. The same run gets the same verdict every time, and no model is asked.',
      '',
      'How good they are is measured on labelled runs: such that have the fault, and look-alikes that must not be',
      'reported. Precision is the share of the reports that are right, recall the share of the faults that are reported.',
      'There are two sets of them:',
      '',
      '- **Written with the rules**, by the same authors and at the same time: rules and thresholds were changed until these',
      '  runs came out right. They show that a rule does what its page says, and little more. Below 98 % and 95 % a test fails.',
      '- **Held out**: of each kind five faults and five look-alikes, most of them 20 to 120 spans in the words of ten',
      '  senders. Who wrote them had read these pages, and neither the rules nor the other runs; the detectors saw them when',
      `  all had been written. The figures are those of that first time, ${firstMeasuredOn}, and stay as they are:`,
      `  **precision ${share(firstPrecision(first))}** (${first.found} of ${reports} reports were right), **recall ${share(firstRecall(first))}** (${first.found} of ${first.labels} faults were`,
      '  reported). With five faults of a kind one miss is 20 %: the sums say more than the rows. The detectors of the other',
      `  kinds, for which nobody had labelled these runs, made ${elsewhere.reports} further reports, of which ${elsewhere.wrong} were wrong; they are not in the`,
      '  figures.',
      '',
      'What came out wrong the first time was looked at afterwards. Where a rule was wrong it was corrected, and the run counts',
      'as one the rules were changed after from then on. A label that contradicted its page was put right, with a word in the',
      `source. ${toLeft(pages)}`,
      '',
      ...toTable(
        [
          'Detector',
          'Kind',
          'With the fault',
          'Look-alikes',
          'Precision',
          'Recall',
          'Held out: precision',
          'Held out: recall',
        ],
        rows,
      ),
      '',
      'All of these runs are made by hand after the traffic of real frameworks, half of them with the fault. None of the figures',
      'says how often a detector will be right in your traffic: one that bothers you can be tuned, muted, or told which agents',
      'and tools may do what it reports.',
    ],
  );
}

function toDetectorPage({ detector, title, source, body, corpus }: Page): string {
  const { precision, recall, trueCases, lookAlikes } = score(detector.kind, corpus.truth);
  const [fires, silent] = [true, false].map((isTrue) =>
    corpus.truth.filter(({ finds }) => finds.length > 0 === isTrue).map(({ name }) => `- ${name}`),
  );
  const folder = `collector/testdata/findings/${detector.kind}`;
  const first = firstOf(detector.kind);
  return toPage(title, `[its text](../../${source}) and its code`, [
    body,
    '',
    '## Thresholds',
    '',
    `Of the kind ${code(detector.kind)}, by project or by workflow.`,
    '',
    ...toTable(['Name', 'Default', 'Range', 'Unit', 'What it is'], toThresholdRows(detector)),
    '',
    '## How good it is',
    '',
    `Precision ${share(precision)}, recall ${share(recall)} over ${trueCases} [labelled runs](../../${folder}) with the fault and`,
    `${lookAlikes} that only look like it, all written with the rule. On runs by somebody who had not read the rule, when first`,
    `measured on ${firstMeasuredOn}: ${first.found} of ${first.labels} faults reported, ${first.wrong} wrong ${first.wrong === 1 ? 'report' : 'reports'} (see [how they are measured](../detectors.md)).`,
    '',
    'Reported:',
    '',
    ...(fires ?? []),
    '',
    'Not reported:',
    '',
    ...(silent ?? []),
    ...toMisses(score(detector.kind, corpus.heldOut).failures),
  ]);
}

/** What the runs that are still held out say today. */
function toLeft(pages: readonly Page[]): string {
  const held = pages.reduce((sum, { corpus }) => sum + corpus.heldOut.length, 0);
  const left = pages.reduce(
    (sum, { detector: { kind }, corpus }) => sum + score(kind, corpus.heldOut).failures.length,
    0,
  );
  return left === 0
    ? `None of the ${held} runs that are still held out comes out wrong today, which says nothing new.`
    : `Of the ${held} runs that are still held out ${left} come out wrong today: see *What it misses* on the pages.`;
}

/** Held-out runs that come out wrong today, in the words of their names. */
function toMisses(failures: readonly Verdict[]): readonly string[] {
  if (failures.length === 0) return [];
  const lines = failures.flatMap(({ name, missed, wrong }) => [
    ...(missed.length > 0 ? [`- not reported: ${name}`] : []),
    ...(wrong.length > 0 ? [`- reported, and should not be: ${name}`] : []),
  ]);
  return ['', '## What it misses', '', 'Of the runs that are held out:', '', ...lines];
}

const firstOf = (kind: FindingKind): FirstMeasured => firstMeasured[kind];

function sumOf(all: readonly FirstMeasured[]): FirstMeasured {
  const sum = { labels: 0, found: 0, wrong: 0 };
  for (const { labels, found, wrong } of all) {
    sum.labels += labels;
    sum.found += found;
    sum.wrong += wrong;
  }
  return sum;
}

const firstPrecision = ({ found, wrong }: FirstMeasured): number =>
  found + wrong === 0 ? 1 : found / (found + wrong);
const firstRecall = ({ found, labels }: FirstMeasured): number =>
  labels === 0 ? 1 : found / labels;

function toThresholdRows({ thresholds }: Detector): readonly (readonly string[])[] {
  return Object.entries(thresholds).map(([name, spec]) => [
    code(name),
    String(spec.default),
    `${spec.min} to ${spec.max}`,
    spec.unit,
    spec.description,
  ]);
}

const share = (value: number): string => `${(100 * value).toFixed(1).replace(/\.0$/, '')} %`;
