import { isAscii } from 'node:buffer';
import { MalformedBodyError, maxMessages, TooManyMessagesError } from './request.ts';

/** A bare integer of 16 digits or more somewhere: only then is the slower, exact way needed. */
const largeInteger = /[:,[]\s*-?\d{16,}/;

/**
 * JSON.parse that keeps integers a double cannot hold, as bigint. Senders write nanoseconds as strings, as the
 * specification asks, or as numbers.
 * @throws MalformedBodyError
 * @throws TooManyMessagesError
 */
export function parseJson(body: Buffer): unknown {
  if (hasMoreMessages(body, maxMessages)) throw new TooManyMessagesError();
  // The same for ASCII, and quicker.
  const text = body.toString(isAscii(body) ? 'latin1' : 'utf8');
  try {
    return largeInteger.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
  } catch (error) {
    const why = error instanceof RangeError ? 'it is nested too deep' : 'it is not valid JSON';
    throw new MalformedBodyError(why, { cause: error });
  }
}

type Reviver = (this: unknown, key: string, value: unknown) => unknown;

/** TypeScript does not know the third argument yet: the text the value was written as. */
const keepDigits = ((_: string, value: unknown, context: { readonly source?: string }) => {
  const source = context.source ?? '';
  const isLarge = typeof value === 'number' && !Number.isSafeInteger(value);
  return isLarge && /^-?\d+$/.test(source) && source.length <= 20 ? BigInt(source) : value;
}) as Reviver;

const quote = 0x22;
const backslash = 0x5c;
const brace = 0x7b;
const bracket = 0x5b;
/** The rest of a longer string is searched by native code, which a short one is not worth. */
const shortString = 32;

/** Objects and arrays, counted before any of them is made; braces inside strings are text. */
function hasMoreMessages(body: Buffer, most: number): boolean {
  let count = 0;
  // The shortest takes two bytes: once the rest cannot hold enough of them, nobody need look.
  for (let at = 0; count + (body.length - at) / 2 > most; at++) {
    const byte = body[at] ?? 0;
    if (byte === quote) at = endOfString(body, at + 1);
    else if (byte === brace || byte === bracket) count++;
    if (count > most) return true;
  }
  return false;
}

function endOfString(body: Buffer, start: number): number {
  const soon = Math.min(body.length, start + shortString);
  let at = start;
  while (at < soon && body[at] !== quote) at += body[at] === backslash ? 2 : 1;
  if (at < soon) return at;
  // What stands before `at` has been read, so backslashes count from there on.
  let from = at;
  for (;;) {
    const found = body.indexOf(quote, from);
    if (found < 0) return body.length;
    let escapes = 0;
    while (found - escapes - 1 >= at && body[found - escapes - 1] === backslash) escapes += 1;
    if (escapes % 2 === 0) return found;
    from = found + 1;
  }
}
