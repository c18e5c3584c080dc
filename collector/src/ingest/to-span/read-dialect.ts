import type { Attributes } from '../../span.ts';
import { kindPrecedence } from '../dialects/all.ts';
import type { Dialect } from '../dialects/table.ts';

/** By the name of the instrumentation first, then by a key only that dialect has; `otel` when it is none we know. */
export function readDialect(scopeName: string, attributes: Attributes): string {
  const dialect =
    kindPrecedence.find(({ marks }) => isScopeOf(marks, scopeName)) ??
    kindPrecedence.find(({ marks }) => isMarked(marks, attributes));
  return dialect?.name ?? 'otel';
}

function isMarked({ keys = [], values = [] }: Dialect['marks'], attributes: Attributes): boolean {
  return (
    keys.some((key) => attributes.has(key)) ||
    values.some(([key, value]) => attributes.get(key) === value)
  );
}

function isScopeOf({ scopes = [], scopePrefixes = [] }: Dialect['marks'], name: string): boolean {
  return scopes.includes(name) || scopePrefixes.some((prefix) => name.startsWith(prefix));
}
