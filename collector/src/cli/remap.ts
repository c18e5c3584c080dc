/** `orchescope remap`: asks a running server to map history again, and tells how it goes. */
import { remapLine, type RemapLine } from '../contract.ts';
import { runJobCommand } from './job-command.ts';

export const remapUsage = `orchescope remap [--url http://127.0.0.1:4318] [--key ...] [--project ...] [--from ...] [--to ...] [--dry-run]
                         derives the columns of stored spans again from what their senders wrote`;

/** @returns the exit code: 0 when it is done, 1 when it is not, 2 when it cannot be read what is wanted */
export function remapCommand(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const command = {
    name: 'remap',
    usage: remapUsage,
    path: '/api/remap',
    line: remapLine,
    hasDryRun: true,
    describe: describeLine,
  };
  return runJobCommand(command, args, env);
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
