/** The value at a path of a parsed JSON body; nothing where the body has another shape. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown => {
  let found = value;
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined;
    found = (found as Record<string | number, unknown>)[key];
  }
  return found;
};

export const textAt = (
  value: unknown,
  ...path: readonly (string | number)[]
): string | undefined => {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : undefined;
};

export const numberAt = (
  value: unknown,
  ...path: readonly (string | number)[]
): number | undefined => {
  const found = at(value, ...path);
  return typeof found === 'number' && Number.isFinite(found) ? found : undefined;
};

/** A list, empty where there is none. */
export const listAt = (
  value: unknown,
  ...path: readonly (string | number)[]
): readonly unknown[] => {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
};

/** The object without its undefined members, so that "not told" and "told nothing" stay apart. */
export const told = <T extends object>(
  members: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } => {
  const left: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) left[name] = value;
  return left as { [K in keyof T]?: Exclude<T[K], undefined> };
};

/** Parsed JSON, or nothing: an answer that broke off in the middle is no error of ours. */
export const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
