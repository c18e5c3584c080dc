import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layoutTrace } from './layout-trace.ts';
import { sketchTrace } from './sketch.testing.ts';
import type { Sketch, SketchLink } from './sketch.testing.ts';
import { marks, nodeTypes } from './trace-layout.ts';
import type { TraceLayout } from './trace-layout.ts';

/** The epoch of `sketchTrace`, plus `ms`. */
const clock = (ms: number): number => 1_000_000_000_000 + ms;
const ms = 1e6;

function layOut(spans: readonly Sketch[], links: readonly SketchLink[] = [], nowMs = 1000) {
  const skeleton = sketchTrace(spans, links);
  const { layout, facts } = layoutTrace(skeleton, clock(nowMs));
  const nameOf = (node: number): string =>
    node < 0 ? '' : (skeleton.strings[layout.name[node] ?? -1] ?? `(${layout.type[node]})`);
  const names = (nodes: Iterable<number>): string[] => [...nodes].map(nameOf);
  const withMark = (bit: number): string[] =>
    names([...layout.marks.keys()].filter((node) => ((layout.marks[node] ?? 0) & bit) !== 0));
  const path = [...layout.criticalPath.node]
    .map((node, i) => {
      const { from, to } = layout.criticalPath;
      return `${nameOf(node) || '-'} ${(from[i] ?? 0) / ms}-${(to[i] ?? 0) / ms}`;
    })
    .reverse();
  return { layout, facts, nameOf, names, withMark, path };
}

const family: readonly Sketch[] = [
  { name: 'run', kind: 'workflow', at: 0, took: 100 },
  { name: 'planner', kind: 'agent', parent: 0, at: 10, took: 40 },
  { name: 'chat', kind: 'llm', parent: 1, at: 15, took: 30 },
  { name: 'search', kind: 'tool', parent: 0, at: 60, took: 30 },
];

describe('the tree', () => {
  test('puts spans in preorder with depth, parent and the end of what is below', () => {
    const { layout, names } = layOut(family);
    expect(names(layout.row.keys())).toEqual(['run', 'planner', 'chat', 'search']);
    expect([...layout.depth]).toEqual([0, 1, 2, 1]);
    expect([...layout.parent]).toEqual([-1, 0, 1, 0]);
    expect([...layout.subtreeEnd]).toEqual([4, 3, 3, 4]);
  });

  test('hangs spans whose parent is missing below one made-up row', () => {
    const { layout, names } = layOut([
      { name: 'run', at: 0, took: 10 },
      { name: 'lost a', parent: 'lost', at: 2, took: 1 },
      { name: 'lost b', parent: 'lost', at: 4, took: 3 },
    ]);
    expect(names(layout.row.keys())).toEqual(['run', '(1)', 'lost a', 'lost b']);
    expect(layout.type[1]).toBe(nodeTypes.orphans);
    expect([layout.start[1], layout.end[1]]).toEqual([2 * ms, 7 * ms]);
  });

  test('cuts a circle at its earliest span and marks it', () => {
    const { layout, names, withMark } = layOut([
      { name: 'a', parent: 2, at: 0, took: 1 },
      { name: 'b', parent: 0, at: 1, took: 1 },
      { name: 'c', parent: 1, at: 2, took: 1 },
    ]);
    expect(names(layout.row.keys())).toEqual(['a', 'b', 'c']);
    expect(withMark(marks.cycle)).toEqual(['a']);
  });

  test('draws a running span up to now, and a forgotten one up to the last thing heard', () => {
    const spans: readonly Sketch[] = [
      { name: 'run', at: 0 },
      { name: 'done', parent: 0, at: 10, took: 40 },
    ];
    expect(layOut(spans, [], 200).layout.end[0]).toBe(200 * ms);
    expect(layOut(spans, [], 86_400_000).layout.end[0]).toBe(50 * ms);
  });

  test('marks a child that starts before its parent', () => {
    const { withMark } = layOut([
      { name: 'early', parent: 1, at: 0, took: 5 },
      { name: 'run', at: 3, took: 20 },
    ]);
    expect(withMark(marks.skew)).toEqual(['early']);
  });

  test('shows what the server left out as the last row below its parent', () => {
    const skeleton = sketchTrace(family);
    const { layout } = layoutTrace(
      {
        ...skeleton,
        omitted: { parent: [1], count: [1203], durationNs: [4.1e9], costMicroUsd: [20_000] },
      },
      clock(1000),
    );
    expect([...layout.type]).toEqual([0, 0, 0, 2, 0]);
    expect([layout.omittedCount[3], layout.costMicroUsd[3]]).toEqual([1203, 20_000]);
  });

  test('a chain of 100,000 spans does not overflow', () => {
    const spans = Array.from({ length: 100_000 }, (_, i) =>
      i === 0
        ? { name: 'deep', at: 0, took: 200_000 }
        : { name: 'deep', parent: i - 1, at: i, took: 200_000 - 2 * i },
    );
    const { layout } = layOut(spans);
    expect([layout.maxDepth, layout.count]).toEqual([99_999, 100_000]);
  });
});

test('self time is what no child covers, however they overlap', () => {
  const { layout } = layOut([
    { name: 'run', at: 0, took: 100 },
    { name: 'a', parent: 0, at: 10, took: 30 },
    { name: 'b', parent: 0, at: 20, took: 30 },
    { name: 'outlives', parent: 0, at: 90, took: 60 },
  ]);
  expect((layout.self[0] ?? 0) / ms).toBe(50);
});

describe('the critical path', () => {
  test('goes from the end back through what finished last', () => {
    const { path, withMark } = layOut(family);
    expect(path).toEqual([
      'run 0-10',
      'planner 10-15',
      'chat 15-45',
      'planner 45-50',
      'run 50-60',
      'search 60-90',
      'run 90-100',
    ]);
    expect(withMark(marks.critical)).toEqual(['run', 'planner', 'chat', 'search']);
  });

  test('of two branches only the longer one counts', () => {
    const { withMark } = layOut([
      { name: 'run', at: 0, took: 100 },
      { name: 'short', parent: 0, at: 10, took: 40 },
      { name: 'long', parent: 0, at: 10, took: 80 },
    ]);
    expect(withMark(marks.critical)).toEqual(['run', 'long']);
  });

  test('steps that meet follow each other, though a clock of whole milliseconds lets them overlap', () => {
    const { path } = layOut([
      { name: 'run', at: 0, took: 100 },
      { name: 'step 1', parent: 0, at: 0, took: 50.6 },
      { name: 'step 2', parent: 0, at: 50, took: 50 },
      { name: 'parallel', parent: 0, at: 20, took: 60 },
    ]);
    expect(path).toEqual(['step 1 0-50', 'step 2 50-100']);
  });

  test('a handoff leads to its target; the path goes by time, and not by links', () => {
    const { path, layout } = layOut(
      [
        { name: 'run', at: 0, took: 100 },
        { name: 'router', parent: 0, at: 0, took: 30 },
        { name: 'handoff', kind: 'handoff', parent: 1, at: 20, took: 5 },
        { name: 'audit', parent: 0, at: 30, took: 5 },
        { name: 'billing', parent: 0, at: 40, took: 60 },
      ],
      [{ from: 4, to: 2 }],
    );
    expect(path).toEqual([
      'router 0-20',
      'handoff 20-25',
      'router 25-30',
      'audit 30-35',
      'run 35-40',
      'billing 40-100',
    ]);
    expect(layout.target[2]).toBe(4);
  });

  test('between two tries of a call lies the work that was done in between', () => {
    const { path } = layOut(
      [
        { name: 'run', at: 0, took: 60 },
        { name: 'first try', parent: 0, at: 0, took: 10, error: 'E' },
        { name: 'other work', parent: 0, at: 10, took: 40 },
        { name: 'second try', parent: 0, at: 50, took: 10 },
      ],
      [{ from: 3, to: 1 }],
    );
    expect(path).toEqual(['first try 0-10', 'other work 10-50', 'second try 50-60']);
  });

  test('what still went on when the next began held nobody up', () => {
    const { path } = layOut([
      { name: 'run', at: 0, took: 100 },
      { name: 'long', parent: 0, at: 0, took: 70 },
      { name: 'before', parent: 0, at: 10, took: 30 },
      { name: 'after', parent: 0, at: 45, took: 55 },
    ]);
    expect(path).toEqual(['run 0-10', 'before 10-40', 'run 40-45', 'after 45-100']);
  });

  test('work that outlives its root leads back into it', () => {
    const { path } = layOut([
      { name: 'request', at: 0, took: 10 },
      { name: 'job', parent: 0, at: 20, took: 80 },
    ]);
    expect(path).toEqual(['request 0-10', '- 10-20', 'job 20-100']);
  });
});

test('characters that turn a name around, or hide in it, are drawn as what they are', () => {
  const { facts } = layoutTrace(
    sketchTrace([{ name: 'right \u202Eto left', at: 0, took: 1 }]),
    clock(0),
  );
  expect(facts.name).toBe('right ⟨U+202E⟩to left');
  expect(facts.strings).toContain('right ⟨U+202E⟩to left');
});

test('the first error is the deepest that started first, not those that passed it on', () => {
  const { layout, nameOf } = layOut([
    { name: 'run', at: 0, took: 100, error: 'Failed' },
    { name: 'agent', parent: 0, at: 5, took: 40, error: 'Failed' },
    { name: 'tool', parent: 1, at: 10, took: 5, error: 'Timeout' },
    { name: 'late', parent: 0, at: 60, took: 5, error: 'Timeout' },
  ]);
  expect(nameOf(layout.firstError)).toBe('tool');
});

test('idle is when no leaf works; a wait is not work', () => {
  const { layout } = layOut([
    { name: 'run', at: 0, took: 100_000 },
    { name: 'work', parent: 0, at: 0, took: 100 },
    { name: 'approval', kind: 'approval', parent: 0, at: 100, took: 99_000, wait: true },
    { name: 'work', parent: 0, at: 99_800, took: 200 },
  ]);
  expect([[...layout.idle.start], [...layout.idle.end]]).toEqual([[100 * ms], [99_800 * ms]]);
});

describe('folds', () => {
  const reads = (count: number, extra: (i: number) => Partial<Sketch> = () => ({})): Sketch[] => [
    { name: 'run', at: 0, took: 1000 },
    ...Array.from({ length: count }, (_, i) => ({
      name: 'fs.read',
      kind: 'tool' as const,
      parent: 0,
      at: i * 10,
      took: i + 1,
      costMicroUsd: 5,
      ...extra(i),
    })),
  ];

  test.each([
    ['three alike stay as they are', reads(3), []],
    ['four alike are one row', reads(4), ['repeat 4']],
    ['iterations of a loop are one row', reads(5, (i) => ({ iteration: i + 1 })), ['iterations 5']],
    [
      'attempts of one operation are one row',
      reads(3, (i) => ({ attempt: i + 1 })),
      ['attempts 3'],
    ],
    [
      'attempts stand apart from the repeats before them',
      reads(7, (i) => ({ attempt: i < 4 ? 1 : i - 3 })),
      ['repeat 4', 'attempts 3'],
    ],
  ])('%s', (_sentence, spans, expected) => {
    const { folds } = layOut(spans).layout;
    const kinds = ['repeat', 'attempts', 'iterations'];
    expect([...folds.type].map((type, i) => `${kinds[type]} ${folds.members[i]}`)).toEqual(
      expected,
    );
  });

  test('know percentiles, failures and cost', () => {
    const { folds } = layOut(reads(20, (i) => (i === 7 ? { error: 'Timeout' } : {}))).layout;
    expect([folds.p50[0], folds.p95[0]]).toEqual([10 * ms, 19 * ms]);
    expect([folds.errors[0], folds.costMicroUsd[0]]).toEqual([1, 100]);
  });
});

describe('for any parents, in any order, with any links', () => {
  const span = fc.record({
    parent: fc.oneof(fc.integer({ min: -3, max: 40 }), fc.constant(Number.NaN)),
    at: fc.integer({ min: 0, max: 500 }),
    took: fc.integer({ min: -1, max: 300 }),
    attempt: fc.integer({ min: 0, max: 3 }),
    isFailed: fc.boolean(),
  });
  const link = fc.record({ from: fc.nat(39), to: fc.nat(39) });
  const trace = fc
    .tuple(fc.array(span, { maxLength: 40 }), fc.array(link, { maxLength: 20 }))
    .map(([spans, links]) => {
      const skeleton = sketchTrace(
        spans.map(({ at, took, attempt, isFailed }) => ({
          name: 'x',
          at,
          attempt,
          ...(took < 0 ? {} : { took }),
          ...(isFailed ? { error: 'E' } : {}),
        })),
        links,
      );
      const columns = { ...skeleton.columns, parent: spans.map(({ parent }) => parent) };
      return layoutTrace({ ...skeleton, columns }, clock(1000)).layout;
    });

  test('every span appears exactly once, and numbers of the tree agree', () => {
    fc.assert(fc.property(trace, checkTree));
  });

  test('the critical path is one piece, inside the trace and inside its spans', () => {
    fc.assert(fc.property(trace, checkPath));
  });

  function checkTree(layout: TraceLayout): void {
    const rows = [...layout.row].filter((row) => row >= 0).sort((a, b) => a - b);
    expect(rows).toEqual([...layout.nodeOfRow.keys()]);
    for (let node = 0; node < layout.count; node += 1) {
      const parent = layout.parent[node] ?? -1;
      const below = layout.subtreeEnd[node] ?? 0;
      expect(below).toBeGreaterThan(node);
      expect(parent).toBeLessThan(node);
      expect(layout.depth[node]).toBe(parent < 0 ? 0 : (layout.depth[parent] ?? 0) + 1);
      const within = parent < 0 ? layout.count : layout.subtreeEnd[parent];
      expect(below).toBeLessThanOrEqual(within ?? 0);
      expect(layout.self[node]).toBeGreaterThanOrEqual(0);
    }
  }

  function checkPath({ criticalPath, start, end, extentEnd, count }: TraceLayout): void {
    const { node, from, to, totalNs } = criticalPath;
    if (count === 0 || node.length === 0) return;
    let cursor = extentEnd;
    for (const [i, at] of node.entries()) {
      expect(to[i]).toBe(cursor);
      expect(from[i]).toBeLessThan(to[i] ?? 0);
      expect(from[i]).toBeGreaterThanOrEqual(start[at] ?? from[i] ?? 0);
      expect(to[i]).toBeLessThanOrEqual(end[at] ?? to[i] ?? 0);
      cursor = from[i] ?? 0;
    }
    expect(totalNs).toBeCloseTo(extentEnd - cursor, 3);
  }
});
