import { allDetectors } from '../../collector/src/analysis/detectors/all.ts';
import { score, type Corpus } from '../../collector/src/analysis/detectors/corpus.testing.ts';
import type { Detector } from '../../collector/src/analysis/detectors/detector.ts';
import { corpora } from '../../collector/testdata/findings/corpora.ts';
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
    ];
  });
  return toPage(
    'Detectors',
    'the [labelled runs](../collector/testdata/findings) and the [detectors](../collector/src/analysis/detectors)',
    [
      'A detector reads the spans of a run and says what went wrong in it: with the spans that show it, what it wasted, what to',
      'change, and the threshold that decided. The same run gets the same verdict every time, and no model is asked.',
      '',
      'How good they are is measured on labelled runs: such that have the fault, and look-alikes that must not be',
      'reported. Thresholds and rules were tried on other runs than these. Precision is the share of the reports that are right,',
      'recall the share of the faults that are reported; below 98 % and 95 % a test fails.',
      '',
      ...toTable(
        ['Detector', 'Kind', 'With the fault', 'Look-alikes', 'Precision', 'Recall'],
        rows,
      ),
      '',
      'The runs are small and made by hand after the traffic of real frameworks. They show that a rule does what its page says,',
      'and not how often it will be right in your traffic: a detector that bothers you can be tuned, muted, or told which agents',
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
    `${lookAlikes} that only look like it.`,
    '',
    'Reported:',
    '',
    ...(fires ?? []),
    '',
    'Not reported:',
    '',
    ...(silent ?? []),
  ]);
}

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
