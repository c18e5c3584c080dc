/**
 * Tokens by model and price, each once. What they are multiplied by is rounded down: only of all of them together it is the
 * same, whatever they were read from and told by.
 */
import type { CacheUse, ModelUse, UncachedUse } from './read-costs.ts';

export function addCached(uses: readonly CacheUse[]): readonly CacheUse[] {
  return addUses(uses, (a, b) => ({
    ...a,
    readTokens: a.readTokens + b.readTokens,
    writtenTokens: a.writtenTokens + b.writtenTokens,
  }));
}

export function addUncached(uses: readonly UncachedUse[]): readonly UncachedUse[] {
  return addUses(uses, (a, b) => ({ ...a, tokens: a.tokens + b.tokens }));
}

function addUses<T extends ModelUse>(uses: readonly T[], add: (a: T, b: T) => T): readonly T[] {
  if (uses.length < 2) return uses;
  const byPrice = new Map<string, T>();
  for (const use of uses) {
    const name = `${use.projectId}\n${use.provider}\n${use.model}\n${use.priceDay}`;
    const before = byPrice.get(name);
    byPrice.set(name, before === undefined ? use : add(before, use));
  }
  return [...byPrice.values()];
}
