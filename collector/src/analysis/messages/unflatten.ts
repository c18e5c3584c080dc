/** `prefix.0.message.role` and the like, as a tree again. */
import { isObject, type JsonObject } from './json-fields.ts';

/** Numbers become places in a list, in their order, whatever is missing between them. */
export function unflatten(flat: JsonObject, prefix: string): unknown {
  const root: Branch = new Map();
  for (const [key, value] of Object.entries(flat)) {
    const path = key.startsWith(`${prefix}.`) ? key.slice(prefix.length + 1) : key;
    insert(root, path.split('.').slice(0, maxDepth), value);
  }
  return toTree(root);
}

/** A Map, so that a part of a key may be called `__proto__`. */
type Branch = Map<string, Branch | { readonly leaf: unknown }>;

const maxDepth = 16;

function insert(root: Branch, path: readonly string[], leaf: unknown): void {
  let branch = root;
  for (const name of path.slice(0, -1)) {
    const found = branch.get(name);
    const next: Branch = found instanceof Map ? found : new Map();
    if (next !== found) branch.set(name, next);
    branch = next;
  }
  const last = path.at(-1) ?? '';
  if (!(branch.get(last) instanceof Map)) branch.set(last, { leaf });
}

function toTree(branch: Branch): unknown {
  const entries = Array.from(branch, ([name, one]): [string, unknown] => [
    name,
    one instanceof Map ? toTree(one) : one.leaf,
  ]);
  if (entries.length > 0 && entries.every(([name]) => /^\d{1,9}$/.test(name))) {
    return entries.sort(([a], [b]) => Number(a) - Number(b)).map(([, value]) => value);
  }
  return toObject(entries);
}

function toObject(entries: readonly [string, unknown][]): JsonObject {
  const object: unknown = Object.fromEntries(entries);
  return isObject(object) ? object : {};
}
