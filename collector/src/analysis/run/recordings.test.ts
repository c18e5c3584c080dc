import { join } from 'node:path';
import { assert, integer, property, shuffledSubarray, tuple } from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readRecording, recordings } from '../../recordings.testing.ts';
import type { RunSpan } from '../../run-span.ts';
import { toTraceKeys } from '../stitch/trace-keys.ts';
import { toFacts } from './facts.testing.ts';
import { printRuns } from './print-runs.testing.ts';

/** One file a dialect. `vitest run collector/src/analysis/run -u` writes them again; read the difference. */
const goldens = join(import.meta.dirname, '../../../testdata/runs');

describe('runs of what real senders sent', () => {
  test.each([...recordings])('%s', async (dialect, names) => {
    const runs = names.map(async (name) => [name, toFacts(await readRecording(name))] as const);
    await expect(printRuns(Object.fromEntries(await Promise.all(runs)))).toMatchFileSnapshot(
      join(goldens, `${dialect}.json`),
    );
  });

  test.each([...recordings].flatMap(([, names]) => names))(
    'are the same in any order, split and repetition of spans: %s',
    async (name) => {
      const { baseUnixNano, leftOut, spans } = await readRecording(name);
      const runs = toFacts({ baseUnixNano, leftOut, spans });
      const arrivals = tuple(
        shuffledSubarray([...spans, ...spans], { minLength: 2 * spans.length }),
        integer({ min: 0, max: spans.length }),
      );
      assert(
        property(arrivals, ([shuffled, cut]) => {
          // Late spans of a second batch, and the first batch once more.
          const arrived = [
            ...shuffled.slice(cut),
            ...shuffled.slice(0, cut),
            ...shuffled.slice(cut),
          ];
          expect(toFacts({ baseUnixNano, leftOut, spans: arrived })).toEqual(runs);
        }),
        { numRuns: 10 },
      );
    },
  );

  test.each([...recordings].flatMap(([, names]) => names))(
    'are the same whether traces are analysed together or as their keys connect them: %s',
    async (name) => {
      const { baseUnixNano, leftOut, spans } = await readRecording(name);
      const together = toFacts({ baseUnixNano, leftOut, spans });
      const apart = connect(spans).flatMap((spans) => toFacts({ baseUnixNano, leftOut, spans }));
      expect(byId(apart)).toEqual(byId(together));
    },
  );
});

function byId<Run extends { readonly runId: string }>(runs: readonly Run[]): Run[] {
  return runs.toSorted((a, b) => (a.runId < b.runId ? -1 : 1));
}

/** As the worker does it, with the keys of all traces in memory. */
function connect(spans: readonly RunSpan[]): RunSpan[][] {
  const traces = Map.groupBy(spans, ({ traceId }) => traceId);
  const keys = new Map([...traces].map(([id, own]) => [id, [`trace:${id}`, ...toTraceKeys(own)]]));
  const left = new Set(traces.keys());
  const groups: RunSpan[][] = [];
  for (const first of traces.keys()) {
    const open = left.delete(first) ? [first] : [];
    const group: RunSpan[] = [];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      group.push(...(traces.get(id) ?? []));
      const own = new Set(keys.get(id));
      for (const other of left)
        if (keys.get(other)?.some((key) => own.has(key)) === true && left.delete(other))
          open.push(other);
    }
    if (group.length > 0) groups.push(group);
  }
  return groups;
}
