/** Asks a running server for something of its alerts. */
import { z } from 'zod';
import { findUrlProblem, JobError, readRefusal, toUnanswered } from './follow-job.ts';
import { UsageError } from './alerts-usage-error.ts';

export type Server = { readonly url: string; readonly key: string };

/** For `parseArgs`. */
export function serverOptions(env: NodeJS.ProcessEnv) {
  return {
    url: { type: 'string', default: 'http://127.0.0.1:4318' },
    key: { type: 'string', default: env['ORCHESCOPE_ACCESS_KEY'] ?? '' },
    project: { type: 'string', default: 'default' },
  } as const;
}

/** @throws UsageError */
export function toServer({ url, key }: Server): Server {
  const problem = findUrlProblem(url);
  if (problem !== null) throw new UsageError(problem);
  return { url, key };
}

/**
 * @param body undefined = it is read, not posted
 * @throws JobError when the server does not answer, refuses, or is another
 */
export async function askAlerts<S extends z.ZodType>(
  { url, key }: Server,
  path: string,
  schema: S,
  body?: object,
): Promise<z.output<S>> {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (key !== '') headers.set('authorization', `Bearer ${key}`);
  const sent = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const address = new URL(`/api/alerts/${path}`, url);
  const response = await fetch(address, { headers, ...sent }).catch((cause: unknown) => {
    throw toUnanswered(url, cause);
  });
  if (!response.ok) throw new JobError(await readRefusal(response, url));
  const parsed = schema.safeParse(await response.json().catch(() => null));
  if (parsed.success) return parsed.data;
  const message = `${url} answered what this command cannot read. Use the command of the version that runs there.`;
  throw new JobError(message, { cause: parsed.error });
}
