/** `orchescope alerts`: rules as files, from the command line. */
import { AlertFilesError } from '../alerts/files/file-problem.ts';
import { alertsBacktest } from './alerts-backtest.ts';
import { alertsCheck } from './alerts-check.ts';
import { alertsExport } from './alerts-export.ts';
import { alertsTest } from './alerts-test.ts';
import { UsageError } from './alerts-usage-error.ts';
import { JobError } from './follow-job.ts';

export const alertsUsage = `orchescope alerts check <files...> [--without-secrets]
                         says what is wrong in files of alerts, and where; needs no server
  orchescope alerts test <files...>
                         plays written values through rules and compares; needs no server
  orchescope alerts backtest --rule <file or id> [--from now-7d] [--to now] [--project ...] [--url ...] [--key ...]
                         asks a running server what a rule would have done
  orchescope alerts export [--project ...] [--url http://127.0.0.1:4318] [--key ...]
                         prints the rules, channels and mute timings of a project as a file`;

/** @returns the exit code: 0 when all is well, 1 when it is not, 2 when it cannot be read what is wanted */
export async function alertsCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const [name = '', ...rest] = args;
  try {
    const command = commands.get(name);
    if (command !== undefined) return await command(rest, env);
    throw new UsageError(`there is no command ${JSON.stringify(name)}.`);
  } catch (error) {
    if (error instanceof UsageError || isOfParseArgs(error)) {
      process.stderr.write(`orchescope alerts: ${error.message}\n\n  ${alertsUsage}\n`);
      return 2;
    }
    if (!(error instanceof AlertFilesError) && !(error instanceof JobError)) throw error;
    process.stderr.write(`orchescope alerts: ${error.message}\n`);
    return 1;
  }
}

type Command = (args: readonly string[], env: NodeJS.ProcessEnv) => number | Promise<number>;

const commands: ReadonlyMap<string, Command> = new Map<string, Command>([
  ['check', alertsCheck],
  ['test', alertsTest],
  ['backtest', alertsBacktest],
  ['export', alertsExport],
]);

/** What it has to say is a sentence already. */
function isOfParseArgs(error: unknown): error is Error {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return typeof error.code === 'string' && error.code.startsWith('ERR_PARSE_ARGS');
}
