/** Runs the tests of a file. */
import type { AlertRule } from '../../contract.ts';
import { defaultRulesOf } from '../default-rules.ts';
import type { AlertFile } from './alert-file.ts';
import type { FileProblem } from './file-problem.ts';
import { compareTest, type Tell } from './compare-test.ts';
import { playTest } from './play-test.ts';
import type { Path, YamlSource } from './read-yaml.ts';
import { readSeries } from './series-notation.ts';
import type { RuleTest, TestFile, TestSeries } from './test-file.ts';

export type TestResult = {
  readonly name: string;
  /** None = it passed. */
  readonly problems: readonly FileProblem[];
};

export function runTests(
  source: YamlSource,
  { tests }: TestFile,
  files: readonly AlertFile[],
): TestResult[] {
  return tests.map((test, place) => {
    const tell: Tell = (path, sentence) =>
      source.at(['tests', place, ...path], `${test.name}: ${sentence}`);
    return { name: test.name, problems: runTest(test, files, tell) };
  });
}

function runTest(test: RuleTest, files: readonly AlertFile[], tell: Tell): FileProblem[] {
  const own = files.filter(({ project }) => project === test.project);
  const rule = findRule(test, own);
  if (rule === undefined) {
    return [
      tell(['rule'], `There is no rule ${test.rule} in the files, nor among those that ship.`),
    ];
  }
  const wrong = test.series.flatMap((series, place) => checkSeries(rule, series, place, tell));
  if (wrong.length > 0) return wrong;
  const played = playTest(test, rule, own);
  return test.expect.flatMap((expected, place) =>
    compareTest(rule, played, expected, (path, sentence) =>
      tell(['expect', place, ...path], sentence),
    ),
  );
}

function findRule({ rule, project }: RuleTest, files: readonly AlertFile[]): AlertRule | undefined {
  const own = files.flatMap(({ rules }) => rules);
  return [...own, ...defaultRulesOf(project)].find(({ id }) => id === rule);
}

function checkSeries(
  { by, condition }: AlertRule,
  series: TestSeries,
  place: number,
  tell: Tell,
): FileProblem[] {
  const at = (path: Path, sentence: string): FileProblem =>
    tell(['series', place, ...path], sentence);
  const texts: [Path, string][] = [
    ...(['values', 'samples', 'bad', 'pricedShare'] as const).map((name): [Path, string] => [
      [name],
      series[name],
    ]),
    ...series.burn.flatMap(({ long, short }, pair): [Path, string][] => [
      [['burn', pair, 'long'], long],
      [['burn', pair, 'short'], short],
    ]),
  ];
  const pairCount = condition.type === 'burn_rate' ? condition.pairs.length : 0;
  return [
    ...texts.flatMap(([path, text]) => {
      const read = readSeries(text);
      return read.type === 'wrong' ? [at(path, read.sentence)] : [];
    }),
    ...(by === 'none' && series.group !== ''
      ? [at(['group'], 'The rule has no groups. Leave it out.')]
      : []),
    ...(by !== 'none' && series.group === ''
      ? [at([], `The rule has groups. Name one with group: the ${by}.`)]
      : []),
    ...(series.burn.length === pairCount
      ? []
      : [at(['burn'], `The rule has ${pairCount} pairs of windows. Write as many.`)]),
  ];
}
