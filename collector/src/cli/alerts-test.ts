/** `orchescope alerts test`: do rules make of written values what they are meant to? */
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { checkAlertFiles } from '../alerts/files/check-alert-files.ts';
import { checkShape } from '../alerts/files/check-shape.ts';
import { describeProblems, type FileProblem } from '../alerts/files/file-problem.ts';
import { readWritten } from '../alerts/files/find-files.ts';
import { readYaml } from '../alerts/files/read-yaml.ts';
import { runTests, type TestResult } from '../alerts/files/run-tests.ts';
import { testFile } from '../alerts/files/test-file.ts';
import { UsageError } from './alerts-usage-error.ts';

/** @throws UsageError, or AlertFilesError when a file cannot be read */
export function alertsTest(args: readonly string[]): number {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true });
  if (positionals.length === 0) throw new UsageError('name files of tests to run.');
  const results = positionals.map(runFile);
  const failed = results.filter((passed) => !passed).length;
  return failed === 0 ? 0 : 1;
}

/** Whether all of it passed. */
function runFile(file: string): boolean {
  const outcome = tryFile(file);
  if ('problems' in outcome) {
    process.stderr.write(`${describeProblems(outcome.problems).join('\n')}\n`);
    return false;
  }
  const { results } = outcome;
  for (const { name, problems } of results) {
    if (problems.length === 0) process.stdout.write(`  passed  ${name}\n`);
    else process.stderr.write(`${describeProblems(problems).join('\n')}\n`);
  }
  const passed = results.filter(({ problems }) => problems.length === 0).length;
  process.stdout.write(`${file}: ${passed} of ${results.length} tests passed.\n`);
  return passed === results.length;
}

type Outcome =
  | { readonly problems: readonly FileProblem[] }
  | { readonly results: readonly TestResult[] };

function tryFile(file: string): Outcome {
  const read = readYaml(file, readWritten(file).text);
  if (read.type === 'broken') return read;
  const shaped = checkShape(read.source, testFile);
  if (shaped.type === 'wrong') return shaped;
  const paths = shaped.value.files.map((path) => resolve(dirname(file), path));
  // Tests say what rules do, not who is told by which address.
  const { files, problems } = checkAlertFiles(paths.map(readWritten), null);
  if (problems.length > 0) return { problems };
  const contents = files.map(({ content }) => content);
  return { results: runTests(read.source, shaped.value, contents) };
}
