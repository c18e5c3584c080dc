/** Asks a running server for work that takes long, and reads what it tells of it, a line at a time. */
import type { z } from 'zod';
import { apiError } from '../contract.ts';

export type Job<S extends z.ZodType> = {
  readonly url: string;
  readonly key: string;
  readonly path: string;
  readonly request: object;
  readonly line: S;
};

/** Its message is the whole story. */
export class JobError extends Error {
  override readonly name = 'JobError';
}

/** A sentence when it is no address of a server. */
export function findUrlProblem(url: string): string | null {
  if (URL.canParse(url) && /^https?:/.test(url)) return null;
  return `--url must look like http://127.0.0.1:4318, not ${JSON.stringify(url)}.`;
}

/** @throws JobError when the server does not answer, refuses, or stops in the middle */
export async function* followJob<S extends z.ZodType>(job: Job<S>): AsyncGenerator<z.output<S>> {
  const response = await post(job);
  if (!response.ok) throw new JobError(await readRefusal(response, job.url));
  yield* readLines(response, job);
}

/** Of a job that did not tell that it is done. */
export function toUnfinished(url: string): JobError {
  return new JobError(
    `${url} stopped answering before it was done. Run it again: what is done stays done.`,
  );
}

async function post({ url, key, path, request }: Job<z.ZodType>): Promise<Response> {
  const headers = new Headers({ 'content-type': 'application/json' });
  if (key !== '') headers.set('authorization', `Bearer ${key}`);
  try {
    return await fetch(new URL(path, url), {
      method: 'POST',
      headers,
      body: JSON.stringify(request),
    });
  } catch (cause) {
    throw toUnanswered(url, cause);
  }
}

export function toUnanswered(url: string, cause: unknown): JobError {
  const message = `No server answers at ${url}. Start it with \`orchescope serve\`, or name its address with --url.`;
  return new JobError(message, { cause });
}

/** What the server says of a request that it does not serve. */
export async function readRefusal(response: Response, url: string): Promise<string> {
  const parsed = apiError.safeParse(parseJson(await response.text()));
  if (parsed.success) return parsed.data.error.message;
  return `${url} answered ${response.status}, and not as Orchescope does. Name another address with --url.`;
}

async function* readLines<S extends z.ZodType>(
  response: Response,
  { url, line: schema }: Job<S>,
): AsyncGenerator<z.output<S>> {
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for await (const chunk of response.body ?? []) {
      const lines = (rest + decoder.decode(chunk as Uint8Array, { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield schema.parse(parseJson(line));
    }
  } catch (cause) {
    throw Object.assign(toUnfinished(url), { cause });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is not an answer of ours, which the schema says next.
    return null;
  }
}
