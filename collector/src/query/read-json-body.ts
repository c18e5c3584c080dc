/** Bodies of the few routes that change something, checked against the contract. */
import type { Context, MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { z } from 'zod';
import { ApiFailure } from './api-failure.ts';

export function limitBody(maxBytes: number): MiddlewareHandler {
  return bodyLimit({
    maxSize: maxBytes,
    onError: () => {
      throw new ApiFailure('invalid_request', `Send a body of at most ${maxBytes} bytes.`);
    },
  });
}

/**
 * A page of another origin cannot send this type without asking first, and is never allowed.
 * @throws ApiFailure `invalid_request` that names the field
 */
export async function readJsonBody<S extends z.ZodType>(
  c: Context,
  schema: S,
): Promise<z.output<S>> {
  const [type = ''] = (c.req.header('content-type') ?? '').split(';');
  if (type.trim().toLowerCase() !== 'application/json') {
    throw new ApiFailure('invalid_request', 'Send JSON, with content-type: application/json.');
  }
  const parsed = schema.safeParse(parseJson(await c.req.text()));
  if (parsed.success) return parsed.data;
  const sentences = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'body'}: ${message.replace(/\.?$/, '.')}`,
  );
  throw new ApiFailure('invalid_request', sentences.join(' '));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words quote the body, which helps nobody.
    throw new ApiFailure('invalid_request', 'The body is not JSON; send at least {}.');
  }
}
