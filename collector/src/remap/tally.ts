/** What became of the spans that were looked at, for the summary. */
import type { RemapLine } from '../contract.ts';
import type { Span } from '../span.ts';
import type { Remapped } from './remap-span.ts';

export type Tally = {
  readonly add: (stored: Span, remapped: Remapped) => void;
  readonly toSummary: (dryRun: boolean, mapperVersion: number) => RemapLine;
};

export function createTally(): Tally {
  let read = 0;
  let changed = 0;
  const kept = new Map<string, number>();
  const columns = new Map<string, number>();
  const dialects = new Map<string, { before: string; after: string; count: number }>();

  function addDialect(before: string, after: string): void {
    const key = JSON.stringify([before, after]);
    const known = dialects.get(key) ?? { before, after, count: 0 };
    dialects.set(key, { ...known, count: known.count + 1 });
  }

  return {
    add: (stored, remapped) => {
      read += 1;
      if (remapped.outcome === 'kept') count(kept, remapped.reason);
      if (remapped.outcome !== 'changed') return;
      changed += 1;
      for (const column of remapped.columns) count(columns, column);
      addDialect(stored.dialect, remapped.span.dialect);
    },
    toSummary: (dryRun, mapperVersion) => ({
      type: 'summary',
      dryRun,
      mapperVersion,
      read,
      changed,
      kept: Array.from(kept, ([reason, count]) => ({ reason, count })),
      columns: Array.from(columns, ([column, count]) => ({ column, count })).sort(byCount),
      dialects: [...dialects.values()].sort(byCount),
    }),
  };
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function byCount(a: { readonly count: number }, b: { readonly count: number }): number {
  return b.count - a.count;
}
