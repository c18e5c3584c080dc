/** `orchescope remap`: asks a running server to map history again, and tells how it goes. */
import { parseArgs } from 'node:util';
import { remapLine, type RemapLine, type RemapRequest } from '../contract.ts';
import { findUrlProblem, followJob, JobError, toUnfinished } from './follow-job.ts';

export const remapUsage = `orchescope remap [--url http://127.0.0.1:4318] [--key ...] [--project ...] [--from ...] [--to ...] [--dry-run]
                         derives the columns of stored spans again from what their senders wrote`;

type RemapOptions = { readonly url: string; readonly key: string; readonly request: RemapRequest };

/** @returns the exit code: 0 when it is done, 1 when it is not, 2 when it cannot be read what is wanted */
export async function remapCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const options = readOptions(args, env);
  if (typeof options === 'string') {
    process.stderr.write(`orchescope remap: ${options}\n\n  ${remapUsage}\n`);
    return 2;
  }
  try {
    await followRemap(options);
    return 0;
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    process.stderr.write(`orchescope remap: ${error.message}\n`);
    return 1;
  }
}

/** A sentence when they cannot be read. */
function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): RemapOptions | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:4318' },
        key: { type: 'string', default: env['ORCHESCOPE_ACCESS_KEY'] ?? '' },
        project: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        'dry-run': { type: 'boolean', default: false },
      },
    });
    const { url, key, project = null, from = null, to = null } = values;
    const request = { project, from, to, dryRun: values['dry-run'] };
    return findUrlProblem(url) ?? { url, key, request };
  } catch (error) {
    // What parseArgs has to say is a sentence already.
    return error instanceof Error ? error.message : String(error);
  }
}

async function followRemap({ url, key, request }: RemapOptions): Promise<void> {
  let last: RemapLine | undefined;
  for await (const line of followJob({ url, key, path: '/api/remap', request, line: remapLine })) {
    process.stdout.write(describeLine(line));
    last = line;
  }
  if (last?.type === 'error') throw new JobError(last.message);
  if (last?.type !== 'summary') throw toUnfinished(url);
}

function describeLine(line: RemapLine): string {
  if (line.type === 'summary') return describeSummary(line);
  if (line.type === 'error') return '';
  const { project, day, read, rows, changed, done } = line;
  const part = done ? `${read}` : `${read} of at most ${rows}`;
  return `  ${day}  ${project}  ${part} spans read, ${changed} changed\n`;
}

type Summary = Extract<RemapLine, { type: 'summary' }>;

function describeSummary({ read, changed, kept, columns, dialects, ...rest }: Summary): string {
  const { dryRun, mapperVersion } = rest;
  if (read === 0) return `Every span there is of mapping ${mapperVersion} already.\n`;
  const keptLines = kept.map(
    ({ reason, count }) => [keptReasons[reason] ?? reason, count] as const,
  );
  const sections = [
    table('Left as they were', keptLines),
    table(
      'Columns that differ',
      columns.map(({ column, count }) => [column, count]),
    ),
    table(
      'Dialects of the spans that differ',
      dialects.map(({ before, after, count }) => [
        before === after ? before : `${before} -> ${after}`,
        count,
      ]),
    ),
  ];
  const verb = dryRun ? 'would change, and nothing was written' : 'changed';
  return `${sections.join('')}${read} spans read, ${changed} ${verb}. The mapping is number ${mapperVersion}.\n`;
}

const keptReasons: Readonly<Record<string, string>> = {
  content_expired: 'their messages have expired, and are needed to tell',
  would_be_cut: 'they would be cut to a limit',
  not_taken_today: 'ingest would not take them today',
};

function table(title: string, rows: readonly (readonly [string, number])[]): string {
  if (rows.length === 0) return '';
  const lines = rows.map(([name, count]) => `  ${String(count).padStart(10)}  ${name}`);
  return `${[title, ...lines].join('\n')}\n\n`;
}
