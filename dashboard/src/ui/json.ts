/** JSON as a tree to look at. Nothing is drawn here, and no key becomes a property of ours. */

/** A number JavaScript would round: shown as it was written. */
export class ExactNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | ExactNumber
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue };

/** undefined when the text is not JSON. */
export function parseJson(text: string): JsonValue | undefined {
  try {
    // A reviver costs much on large texts; only long digits need it.
    return /\d{16}/.test(text) ? (JSON.parse(text, keepExact) as JsonValue) : parsePlain(text);
  } catch {
    return undefined;
  }
}

/** Objects and arrays have children; everything else is a leaf. */
export function childrenOf(value: JsonValue): readonly (readonly [string, JsonValue])[] | null {
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return null;
  if (Array.isArray(value)) {
    return (value as readonly JsonValue[]).map((item, index) => [String(index), item] as const);
  }
  return Object.entries(value as { readonly [key: string]: JsonValue });
}

/** What a branch holds: "[3 items]", "{2 keys}". */
export function summaryOf(value: JsonValue, count: number): string {
  const [one, many] = Array.isArray(value) ? ['item', 'items'] : ['key', 'keys'];
  const size = `${count} ${count === 1 ? one : many}`;
  return Array.isArray(value) ? `[${size}]` : `{${size}}`;
}

function parsePlain(text: string): JsonValue {
  return JSON.parse(text) as JsonValue;
}

function keepExact(
  this: unknown,
  _: string,
  value: unknown,
  context?: { source?: string },
): unknown {
  const source = context?.source;
  if (typeof value !== 'number' || source === undefined) return value;
  return /^-?\d+$/.test(source) && String(value) !== source ? new ExactNumber(source) : value;
}
