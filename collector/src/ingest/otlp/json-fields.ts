/**
 * Reads the fields of protobuf's JSON mapping: null is absent, 64-bit integers are strings or numbers, enums are
 * numbers or their names. A field of the wrong type costs the message it is in, not the request.
 */

export type JsonObject = Readonly<Record<string, unknown>>;

/** Says which field is wrong and what it should be. */
export class WrongFieldError extends Error {
  override readonly name = 'WrongFieldError';
}

export function readObject(source: unknown, what: string): JsonObject {
  if (source === null || source === undefined) return {};
  if (typeof source !== 'object' || Array.isArray(source)) {
    throw new WrongFieldError(`${what} must be an object`);
  }
  return source as JsonObject;
}

export function readList(source: unknown, what: string): readonly unknown[] {
  if (source === null || source === undefined) return [];
  if (!Array.isArray(source)) throw new WrongFieldError(`${what} must be an array`);
  return source;
}

/** Halves of surrogate pairs become U+FFFD: they cannot be written as UTF-8. */
export function readString(source: unknown, what: string): string {
  if (source === null || source === undefined) return '';
  if (typeof source !== 'string') throw new WrongFieldError(`${what} must be a string`);
  return source.toWellFormed();
}

/** `"12"`, `12`, `12.0`, `"1e3"`; a fraction is cut off. */
function readInteger(source: unknown, what: string): bigint {
  if (source === null || source === undefined || source === '') return 0n;
  if (typeof source === 'bigint') return source;
  if (typeof source === 'string' && /^[+-]?\d{1,20}$/.test(source)) return BigInt(source);
  const number = typeof source === 'string' ? Number(source) : source;
  if (typeof number !== 'number' || !Number.isFinite(number)) {
    throw new WrongFieldError(`${what} must be an integer`);
  }
  return BigInt(Math.trunc(number));
}

const largestUint64 = 2n ** 64n - 1n;

/** Nanoseconds since the epoch. */
export function readTime(source: unknown, what: string): bigint {
  const value = readInteger(source, what);
  if (value < 0n || value > largestUint64) throw new WrongFieldError(`${what} is out of range`);
  return value;
}

export function readUint32(source: unknown, what: string): number {
  return Number(BigInt.asUintN(32, readInteger(source, what)));
}

/** An int of an AnyValue: exact where 64 bits can hold it, the nearest double where they cannot. */
export function readIntValue(source: unknown, what: string): number | bigint {
  const value = readInteger(source, what);
  const number = Number(value);
  return Number.isSafeInteger(number) || BigInt.asIntN(64, value) !== value ? number : value;
}

/** `NaN`, `Infinity` and `-Infinity` come as strings. */
export function readDouble(source: unknown, what: string): number {
  const number = typeof source === 'string' && source.trim() !== '' ? Number(source) : source;
  if (typeof number === 'bigint') return Number(number);
  if (typeof number !== 'number') throw new WrongFieldError(`${what} must be a number`);
  if (Number.isNaN(number) && source !== 'NaN' && typeof source === 'string') {
    throw new WrongFieldError(`${what} must be a number`);
  }
  return number;
}

/** The specification asks for numbers; the names of the enum are understood too. */
export function readEnum(source: unknown, names: readonly string[], what: string): number {
  if (typeof source !== 'string' || /^\d/.test(source)) return readUint32(source, what);
  return Math.max(0, names.indexOf(source));
}
