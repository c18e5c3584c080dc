/** One shared key for sending and reading. Senders use `Authorization: Bearer`, browsers their own Basic prompt. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { refuse } from './refusal.ts';

/** Lets every request through when `key` is empty. */
export function requireAccessKey(key: string): MiddlewareHandler {
  const expected = digest(key);
  return async (c, next) => {
    if (key === '') return next();
    const given = readKey(c.req.header('authorization') ?? '');
    if (given !== null && timingSafeEqual(digest(given), expected)) return next();
    c.header('www-authenticate', 'Basic realm="Orchescope", charset="UTF-8"');
    return refuse(c, 401, 'unauthorized', 'Send the access key: Authorization: Bearer <key>.');
  };
}

/** The key of a Bearer header, or the password of a Basic one (any user name); null when there is neither. */
function readKey(header: string): string | null {
  const [scheme = '', value = ''] = header.split(/ +/, 2);
  if (value === '') return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return null;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon < 0 ? null : decoded.slice(colon + 1);
}

/** Equal lengths whatever was sent, so that the comparison takes the same time. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
