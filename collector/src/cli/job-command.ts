/** A command that asks a running server for work on history, and prints how it goes. */
import { parseArgs } from 'node:util';
import type { z } from 'zod';
import { findUrlProblem, followJob, JobError, toUnfinished } from './follow-job.ts';

type AnyLine = { readonly type: string; readonly message?: string };

export type JobCommand<S extends z.ZodType<AnyLine>> = {
  /** As in `orchescope remap`. */
  readonly name: string;
  readonly usage: string;
  readonly path: string;
  readonly line: S;
  /** Whether it can only look. */
  readonly hasDryRun: boolean;
  /** What is printed of a line; nothing of an error, which is told at the end. */
  readonly describe: (line: z.output<S>) => string;
};

type Options = { readonly url: string; readonly key: string; readonly request: object };

/** @returns the exit code: 0 when it is done, 1 when it is not, 2 when it cannot be read what is wanted */
export async function runJobCommand<S extends z.ZodType<AnyLine>>(
  command: JobCommand<S>,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<number> {
  const { name, usage } = command;
  const options = readOptions(args, env, command.hasDryRun);
  if (typeof options === 'string') {
    process.stderr.write(`orchescope ${name}: ${options}\n\n  ${usage}\n`);
    return 2;
  }
  try {
    await follow(command, options);
    return 0;
  } catch (error) {
    if (!(error instanceof JobError)) throw error;
    process.stderr.write(`orchescope ${name}: ${error.message}\n`);
    return 1;
  }
}

/** A sentence when they cannot be read. */
function readOptions(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  hasDryRun: boolean,
): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:4318' },
        key: { type: 'string', default: env['ORCHESCOPE_ACCESS_KEY'] ?? '' },
        project: { type: 'string' },
        from: { type: 'string' },
        to: { type: 'string' },
        ...(hasDryRun && { 'dry-run': { type: 'boolean' as const, default: false } }),
      },
    });
    const { url, key, project = null, from = null, to = null } = values;
    const request = { project, from, to, ...(hasDryRun && { dryRun: values['dry-run'] }) };
    return findUrlProblem(url) ?? { url, key, request };
  } catch (error) {
    // What parseArgs has to say is a sentence already.
    return error instanceof Error ? error.message : String(error);
  }
}

async function follow<S extends z.ZodType<AnyLine>>(
  { path, line: schema, describe }: JobCommand<S>,
  { url, key, request }: Options,
): Promise<void> {
  let last: z.output<S> | undefined;
  for await (const line of followJob({ url, key, path, request, line: schema })) {
    process.stdout.write(describe(line));
    last = line;
  }
  if (last?.type === 'error') throw new JobError(last.message ?? '');
  if (last?.type !== 'summary') throw toUnfinished(url);
}
