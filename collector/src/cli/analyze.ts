/** `orchescope analyze`: asks a running server to judge history again, and tells how it goes. */
import { parseArgs } from 'node:util';
import { analyzeLine, type AnalyzeLine, type AnalyzeRequest } from '../contract.ts';
import { findUrlProblem, followJob, JobError, toUnfinished } from './follow-job.ts';

export const analyzeUsage = `orchescope analyze [--url http://127.0.0.1:4318] [--key ...] [--project ...] [--from ...] [--to ...]
                         judges the runs of a range again, by the detectors and thresholds of today`;

type Options = { readonly url: string; readonly key: string; readonly request: AnalyzeRequest };

/** @returns the exit code: 0 when it is done, 1 when it is not, 2 when it cannot be read what is wanted */
export async function analyzeCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const options = readOptions(args, env);
  if (typeof options === 'string') {
    process.stderr.write(`orchescope analyze: ${options}\n\n  ${analyzeUsage}\n`);
    return 2;
  }
  try {
    await follow(options);
    return 0;
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    process.stderr.write(`orchescope analyze: ${error.message}\n`);
    return 1;
  }
}

/** A sentence when they cannot be read. */
function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:4318' },
        key: { type: 'string', default: env['ORCHESCOPE_ACCESS_KEY'] ?? '' },
        project: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
      },
    });
    const { url, key, project = null, from = null, to = null } = values;
    return findUrlProblem(url) ?? { url, key, request: { project, from, to } };
  } catch (error) {
    // What parseArgs has to say is a sentence already.
    return error instanceof Error ? error.message : String(error);
  }
}

async function follow({ url, key, request }: Options): Promise<void> {
  let last: AnalyzeLine | undefined;
  for await (const line of followJob({
    url,
    key,
    path: '/api/analyze',
    request,
    line: analyzeLine,
  })) {
    process.stdout.write(describe(line));
    last = line;
  }
  if (last?.type === 'error') throw new JobError(last.message);
  if (last?.type !== 'summary') throw toUnfinished(url);
}

function describe(line: AnalyzeLine): string {
  if (line.type === 'error') return '';
  if (line.type === 'progress') return `  ${line.done} of ${line.traces} traces\n`;
  const { traces, failed, analysisVersion } = line;
  if (traces === 0) return 'There are no traces in this range.\n';
  const rest = failed === 0 ? '' : ` ${failed} failed, and the log of the server says why.`;
  return `The runs of ${traces} traces were judged again, by edition ${analysisVersion} of the rules.${rest}\n`;
}
