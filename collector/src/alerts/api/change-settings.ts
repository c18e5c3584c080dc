/** What all routes that set something have in common. */
import type { Context } from 'hono';
import type { z } from 'zod';
import { alertProjectQuery } from '../../contract.ts';
import { ApiFailure } from '../../query/api-failure.ts';
import { readJsonBody } from '../../query/read-json-body.ts';
import { readQuery } from '../../query/validate.ts';
import type { AlertChange } from '../settings/alert-settings-store.ts';
import type { AlertRouteParts } from './parts.ts';

export const maxChangeBytes = 65_536;

/** Not ended with the request: what was begun is finished. */
export async function change(
  { settings, wake }: AlertRouteParts,
  what: Omit<AlertChange, 'changedBy'> & { readonly by?: string },
): Promise<void> {
  const { projectId, area, key, value, by = '' } = what;
  await settings.write({ projectId, area, key, value, changedBy: by === '' ? 'api' : by });
  wake();
}

/**
 * The body of a change. `__proto__` is told: validation leaves it out without a word.
 * @throws ApiFailure that names the field
 */
export async function readChange<S extends z.ZodType>(c: Context, schema: S): Promise<z.output<S>> {
  const read = await readJsonBody(c, schema);
  JSON.parse(await c.req.text(), (key, value: unknown) => {
    if (key !== '__proto__') return value;
    const sentence = '__proto__: this cannot be the name of anything. Choose another name.';
    throw new ApiFailure('invalid_request', sentence);
  });
  return read;
}

export function projectOf(c: Context): string {
  return readQuery(c, alertProjectQuery).project;
}

/** @param sentences empty = nothing is wrong */
export function assertNone(sentences: readonly string[]): void {
  if (sentences.length > 0) throw new ApiFailure('invalid_request', sentences.join(' '));
}

/** @param file that provides it; undefined = none does */
export function assertNotProvided(what: string, file: string | undefined): void {
  if (file === undefined) return;
  throw new ApiFailure('conflict', `${what} is provided by the file ${file}. Change it there.`);
}

/** Names from a path may be any text. */
export function paramOf(c: Context, name: string): string {
  return c.req.param(name) ?? '';
}
