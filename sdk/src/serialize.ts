/** Decides what stands for a value; called with the key it has, `''` at the top and the index in an array. */
export type Replace = (key: string, value: unknown) => unknown;

export type Serialized = { readonly text: string; readonly truncated: boolean };

/** `"…"`, the smallest thing that can stand for a value cut away. */
const smallest = 5;
const deepest = 20;

/**
 * Any value as JSON of at most `maxBytes` UTF-8 bytes. Work is bounded by that limit, not by the value:
 * it stops reading when the room is used. The text is always valid JSON, also when cut. Never throws.
 */
export const serialize = (
  value: unknown,
  maxBytes: number,
  replace: Replace = (_, value) => value,
): Serialized => {
  const writer = new Writer(Math.max(maxBytes, smallest), replace);
  writer.write('', value, 0);
  return { text: writer.parts.join(''), truncated: writer.truncated };
};

class Writer {
  readonly parts: string[] = [];
  truncated = false;
  private readonly open = new Set<object>();
  private left: number;
  private readonly replace: Replace;

  constructor(left: number, replace: Replace) {
    this.left = left;
    this.replace = replace;
  }

  /** The caller has made sure that `smallest` bytes are left. */
  write(key: string, raw: unknown, depth: number): void {
    const value = attempt(() => plain(this.replace(key, raw)), '[unreadable]');
    if (typeof value === 'string') return this.text(value);
    if (typeof value !== 'object' || value === null) return this.literal(String(value));
    if (this.open.has(value)) return this.text('[circular]');
    if (depth >= deepest) return this.cut();
    this.open.add(value);
    attempt(() => this.container(value, depth), undefined);
    this.open.delete(value);
  }

  private container(value: object, depth: number): void {
    const list = attempt(() => Array.isArray(value), false);
    this.put(list ? '[' : '{');
    this.left -= 1;
    const start = this.parts.length;
    const more = (key: string, item: () => unknown): boolean => {
      const { text, bytes } = list ? noLabel : labelOf(key);
      const comma = this.parts.length > start ? 1 : 0;
      if (this.left < comma + bytes + smallest) return this.full();
      this.parts.push(comma ? `,${text}` : text);
      this.left -= comma + bytes;
      this.write(key, attempt(item, '[unreadable]'), depth + 1);
      return true;
    };
    attempt(() => each(value, list, more), undefined);
    this.parts.push(list ? ']' : '}');
  }

  private literal(text: string): void {
    if (text.length > this.left) return this.cut();
    this.put(text);
  }

  private text(value: string): void {
    const { end, bytes } = fitting(value, this.left - 2);
    if (end === value.length) {
      this.parts.push(JSON.stringify(value));
      this.left -= bytes + 2;
      return;
    }
    const cut = value.slice(0, fitting(value, this.left - smallest).end);
    this.truncated = true;
    this.put(JSON.stringify(`${cut}…`));
  }

  private cut(): void {
    this.truncated = true;
    this.put('"…"');
  }

  private full(): false {
    this.truncated = true;
    return false;
  }

  private put(text: string): void {
    this.parts.push(text);
    this.left -= utf8Bytes(text);
  }
}

const attempt = <T>(statement: () => T, otherwise: T): T => {
  try {
    return statement();
  } catch {
    return otherwise;
  }
};

/** What JSON has no word for, in words. Objects come back as they are, ready to be walked. */
const plain = (value: unknown): unknown => {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return String(value);
    case 'undefined':
      return null;
    case 'function':
      return '[function]';
    case 'symbol':
      return String(value);
    case 'object':
      return value === null ? null : plainObject(value);
    default:
      return value;
  }
};

const plainObject = (value: object): unknown => {
  if (value instanceof Date) return attempt(() => value.toISOString(), 'Invalid Date');
  if (value instanceof Error) return { name: value.name, message: value.message };
  if (value instanceof RegExp || value instanceof URL) return String(value);
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return `[${value.byteLength} bytes]`;
  if (value instanceof Promise) return '[promise]';
  const toJson = (value as { toJSON?: unknown }).toJSON;
  if (typeof toJson !== 'function') return value;
  const told: unknown = toJson.call(value, '');
  return typeof told === 'object' && told !== null ? told : plain(told);
};

type More = (key: string, item: () => unknown) => boolean;

/** Walks the members until `more` says there is no room, so that a huge value costs no more than a large one. */
const each = (value: object, list: boolean, more: More): void => {
  if (list) return eachItem(value as readonly unknown[], more);
  if (value instanceof Map) return eachEntry(value, more);
  if (value instanceof Set) return void more('values', () => firstOf(value));
  for (const key in value) {
    if (!Object.hasOwn(value, key)) continue;
    const member = attempt(() => (value as Record<string, unknown>)[key], '[unreadable]');
    if (member === undefined || typeof member === 'function') continue;
    if (!more(key, () => member)) return;
  }
};

const eachItem = (value: readonly unknown[], more: More): void => {
  for (let i = 0; i < value.length; i += 1) if (!more(String(i), () => value[i])) return;
};

const eachEntry = (value: ReadonlyMap<unknown, unknown>, more: More): void => {
  for (const [key, item] of value)
    if (!more(typeof key === 'string' ? key : typeof key, () => item)) return;
};

const firstOf = (values: ReadonlySet<unknown>): unknown[] => {
  const found: unknown[] = [];
  for (const value of values) {
    found.push(value);
    if (found.length >= 1000) break;
  }
  return found;
};

type Label = { readonly text: string; readonly bytes: number };

const noLabel: Label = { text: '', bytes: 0 };

/** Programs have few keys and use them often. */
const labels = new Map<string, Label>();

const labelOf = (key: string): Label => {
  const known = labels.get(key);
  if (known !== undefined) return known;
  const text = `${quote(key, 256)}:`;
  const label = { text, bytes: utf8Bytes(text) };
  if (labels.size < 1_000 && key.length <= 64) labels.set(key, label);
  return label;
};

const quote = (key: string, atMost: number): string =>
  JSON.stringify(key.length > atMost ? `${key.slice(0, atMost)}…` : key);

const utf8Bytes = (text: string): number => {
  let bytes = 0;
  for (let i = 0; i < text.length; i += 1) bytes += unitBytes(text.charCodeAt(i));
  return bytes;
};

/** Half a surrogate pair counts 2, so that a whole pair counts its 4 bytes. */
const unitBytes = (unit: number): number =>
  unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;

/** The text, or its longest beginning that fits with `…`, never half a character. */
export const cutText = (text: string, maxBytes: number): string => {
  if (text.length * 3 <= maxBytes) return text;
  let bytes = 0;
  let fits = 0;
  for (let i = 0; i < text.length; i += 1) {
    bytes += bytesAt(text, i);
    if (bytes > maxBytes) return `${text.slice(0, isLowHalf(text, fits) ? fits - 1 : fits)}…`;
    if (bytes <= maxBytes - 3) fits = i + 1;
  }
  return text;
};

/** Half a pair that stands alone goes out as U+FFFD, three bytes. */
const bytesAt = (text: string, at: number): number => {
  const unit = text.charCodeAt(at);
  const alone = unit >= 0xd800 && unit <= 0xdfff && !isPaired(text, at);
  return alone ? 3 : unitBytes(unit);
};

/** How far into `text` one may read so that its JSON form, without quotes, stays within `maxBytes`. */
const fitting = (text: string, maxBytes: number): { end: number; bytes: number } => {
  let bytes = 0;
  for (let i = 0; i < text.length; i += 1) {
    const size = escapedBytes(text, i);
    if (bytes + size > maxBytes) return { end: isLowHalf(text, i) ? i - 1 : i, bytes };
    bytes += size;
  }
  return { end: text.length, bytes };
};

const escapedBytes = (text: string, at: number): number => {
  const unit = text.charCodeAt(at);
  if (unit === 0x22 || unit === 0x5c) return 2;
  if (unit < 0x20) return unit >= 8 && unit <= 13 && unit !== 11 ? 2 : 6;
  if (unit < 0xd800 || unit > 0xdfff) return unitBytes(unit);
  return isPaired(text, at) ? 2 : 6;
};

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
const isLowHalf = (text: string, at: number): boolean =>
  isLow(text.charCodeAt(at)) && at > 0 && isHigh(text.charCodeAt(at - 1));
const isPaired = (text: string, at: number): boolean =>
  isHigh(text.charCodeAt(at)) ? isLow(text.charCodeAt(at + 1)) : isLowHalf(text, at);
