/** `orchescope alerts check`: would a server take these files? */
import { parseArgs } from 'node:util';
import { checkAlertFiles, type CheckedFile } from '../alerts/files/check-alert-files.ts';
import { AlertFilesError, describeProblems } from '../alerts/files/file-problem.ts';
import { findFiles, isOfTests, readWritten } from '../alerts/files/find-files.ts';
import { toEnvironment } from '../alerts/files/secret-reference.ts';
import { UsageError } from './alerts-usage-error.ts';

/** @throws UsageError, or AlertFilesError when a file cannot be read */
export function alertsCheck(args: readonly string[], env: NodeJS.ProcessEnv): number {
  const { positionals, values } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { 'without-secrets': { type: 'boolean', default: false } },
  });
  if (positionals.length === 0) throw new UsageError('name files or folders to check.');
  // Whoever writes *.yaml names the tests too.
  const found = [...new Set(positionals.flatMap(findFiles))].filter((file) => !isOfTests(file));
  if (found.length === 0) {
    throw new AlertFilesError(`There are no files of alerts in ${positionals.join(', ')}.`);
  }
  const secrets = values['without-secrets'] ? null : toEnvironment(env);
  const { files, problems, notes } = checkAlertFiles(found.map(readWritten), secrets);
  if (problems.length > 0) {
    process.stderr.write(`${describeProblems(problems).join('\n')}\n`);
    return 1;
  }
  for (const note of describeProblems(notes)) process.stdout.write(`note: ${note}\n`);
  process.stdout.write(`${describe(files)}\n`);
  return 0;
}

function describe(files: readonly CheckedFile[]): string {
  const count = (of: 'rules' | 'channels' | 'muteTimings'): number =>
    files.reduce((sum, { content }) => sum + content[of].length, 0);
  const parts = [
    plural(count('rules'), 'rule'),
    plural(count('channels'), 'channel'),
    plural(count('muteTimings'), 'mute timing'),
  ];
  return `${plural(files.length, 'file')} can be used: ${parts.join(', ')}.`;
}

function plural(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
