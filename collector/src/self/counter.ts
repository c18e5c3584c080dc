/** A sum for each set of label values. Whoever adds keeps the number of sets small. */
import type { Sample } from './prometheus-text.ts';

export type Counter<Name extends string> = {
  readonly add: (labels: Readonly<Record<Name, string>>, amount: number) => void;
  readonly samples: () => readonly (Sample & { readonly labels: Readonly<Record<Name, string>> })[];
};

export function createCounter<Name extends string>(names: readonly Name[]): Counter<Name> {
  const sums = new Map<string, { labels: Readonly<Record<Name, string>>; value: number }>();
  return {
    add: (labels, amount) => {
      const key = names.map((name) => labels[name]).join('\n');
      const known = sums.get(key);
      if (known === undefined) sums.set(key, { labels: { ...labels }, value: amount });
      else known.value += amount;
    },
    samples: () => [...sums.values()],
  };
}
