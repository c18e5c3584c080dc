/** Looking into JSON of which nothing is known. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Own fields only: a sender may ask for `constructor`. */
export function field(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** The first of the names that has a value. */
export function firstField(object: JsonObject, ...names: readonly string[]): unknown {
  for (const name of names) {
    const value = field(object, name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The first of the names that is a string with something in it. */
export function textField(object: JsonObject, ...names: readonly string[]): string {
  for (const name of names) {
    const value = field(object, name);
    if (typeof value === 'string' && value !== '') return value;
  }
  return '';
}

export function listField(object: JsonObject, name: string): readonly unknown[] {
  const value = field(object, name);
  return Array.isArray(value) ? value : [];
}

export function objectField(object: JsonObject, name: string): JsonObject | undefined {
  const value = field(object, name);
  return isObject(value) ? value : undefined;
}

/** Text stays text, everything else becomes JSON. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value;
  return value === undefined || value === null ? '' : JSON.stringify(value);
}
