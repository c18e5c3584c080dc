import { diag } from '@opentelemetry/api';

const reportsAtMost = 5;
const key: unique symbol = Symbol.for('orchescope.sdk.reports') as never;

/**
 * Runs one of our statements inside the user's program. Whatever goes wrong in it becomes `fallback`,
 * and a line for OpenTelemetry's `diag` the first five times; after that we are silent.
 */
export function safely<T>(what: string, statement: () => T): T | undefined;
export function safely<T>(what: string, statement: () => T, fallback: T): T;
export function safely<T>(what: string, statement: () => T, fallback?: T): T | undefined {
  try {
    return statement();
  } catch (error) {
    report(what, error);
    return fallback;
  }
}

/** Tells `diag`, which belongs to the user and may throw as well. */
export const report = (what: string, error: unknown): void => {
  const holder = globalThis as { [key]?: number };
  const count = (holder[key] = (holder[key] ?? 0) + 1);
  if (count > reportsAtMost) return;
  try {
    diag.error(`orchescope: ${what} failed`, error instanceof Error ? error.message : typeof error);
  } catch {
    holder[key] = reportsAtMost;
  }
};
