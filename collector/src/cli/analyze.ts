/** `orchescope analyze`: asks a running server to judge history again, and tells how it goes. */
import { analyzeLine, type AnalyzeLine } from '../contract.ts';
import { runJobCommand } from './job-command.ts';

export const analyzeUsage = `orchescope analyze [--url http://127.0.0.1:4318] [--key ...] [--project ...] [--from ...] [--to ...]
                         judges the runs of a range again, by the detectors and thresholds of today`;

/** @returns the exit code: 0 when it is done, 1 when it is not, 2 when it cannot be read what is wanted */
export function analyzeCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const command = {
    name: 'analyze',
    usage: analyzeUsage,
    path: '/api/analyze',
    line: analyzeLine,
    hasDryRun: false,
    describe,
  };
  return runJobCommand(command, args, env);
}

function describe(line: AnalyzeLine): string {
  if (line.type === 'error') return '';
  if (line.type === 'progress') return `  ${line.done} of ${line.traces} traces\n`;
  const { traces, failed, analysisVersion } = line;
  if (traces === 0) return 'There are no traces in this range.\n';
  const rest = failed === 0 ? '' : ` ${failed} failed, and the log of the server says why.`;
  return `The runs of ${traces} traces were judged again, by edition ${analysisVersion} of the rules.${rest}\n`;
}
