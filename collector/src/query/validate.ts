/** Query strings and paths, checked against the contract. */
import type { Context } from 'hono';
import { z } from 'zod';
import { ApiFailure } from './api-failure.ts';

/** @throws ApiFailure `invalid_request` that names the parameter */
export function readQuery<S extends z.ZodType>(c: Context, schema: S): z.output<S> {
  const parsed = schema.safeParse(c.req.query());
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'query'}: ${toSentence(issue).replace(/\.?$/, '.')}`,
  );
  throw new ApiFailure('invalid_request', sentences.join(' '));
}

/** What to write instead. A format says it itself, in the contract. */
function toSentence(issue: z.core.$ZodIssue): string {
  const isText = 'origin' in issue && issue.origin === 'string';
  if (issue.code === 'invalid_value') return `choose one of ${issue.values.join(', ')}`;
  if (issue.code === 'invalid_type')
    return issue.expected === 'int' ? 'write a whole number' : `write a ${issue.expected}`;
  if (issue.code === 'too_small')
    return isText
      ? `write at least ${issue.minimum} character`
      : `choose a number from ${issue.minimum} on`;
  if (issue.code === 'too_big')
    return isText
      ? `write at most ${issue.maximum} characters`
      : `choose a number up to ${issue.maximum}`;
  return issue.message;
}

/** Ids are hex; senders print them in either case. */
export function readTraceId(c: Context): string {
  return readHex(c, 'traceId', 32);
}

export function readSpanId(c: Context): string {
  return readHex(c, 'spanId', 16);
}

function readHex(c: Context, name: string, length: number): string {
  const text = (c.req.param(name) ?? '').toLowerCase();
  if (new RegExp(`^[0-9a-f]{${length}}$`).test(text)) return text;
  throw new ApiFailure('invalid_request', `${name}: write ${length} hexadecimal characters.`);
}
