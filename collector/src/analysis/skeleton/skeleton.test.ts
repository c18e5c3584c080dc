import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { traceSkeleton, type TraceSkeleton } from '../../contract.ts';
import { spanFlags, spanKinds, type SpanKind } from '../../span.ts';
import type { TextColumn } from '../../store/read-native.ts';
import { unknownCost, type TraceColumns, type TraceMarks } from '../../store/read-skeleton.ts';
import { buildSkeleton } from './build-skeleton.ts';
import { toUsdText } from './sum-totals.ts';

type Row = {
  readonly id: number;
  readonly parent?: number;
  readonly kind?: SpanKind;
  readonly start?: number;
  readonly duration?: number;
  readonly status?: number;
  readonly flags?: number;
  /** Trillionths of a USD. */
  readonly cost?: bigint;
  readonly agent?: string;
  readonly tokens?: number;
};

const toId = (id: number): string => id.toString(16).padStart(16, '0');

function toColumns(rows: readonly Row[]): TraceColumns {
  const column = (read: (row: Row) => number): number[] => rows.map(read);
  const texts = (read: (row: Row) => string): TextColumn => {
    const all = [...new Set(rows.map(read))];
    return { texts: all, index: Int32Array.from(rows, (row) => all.indexOf(read(row))) };
  };
  const ids = (read: (row: Row) => string): Uint32Array =>
    new Uint32Array(Uint8Array.from(Buffer.from(rows.map(read).join(''))).buffer);
  return {
    baseUnixNano: 1_000_000_000_000_000_000n,
    spanId: ids((row) => toId(row.id)),
    parentSpanId: ids(({ parent }) => (parent === undefined ? '\0'.repeat(16) : toId(parent))),
    name: texts((row) => `span ${row.id}`),
    kind: Uint8Array.from(column((row) => spanKinds.indexOf(row.kind ?? 'other'))),
    agent: texts((row) => row.agent ?? ''),
    model: texts(() => ''),
    service: texts(() => 'shop'),
    errorType: texts(() => ''),
    start: Float64Array.from(column((row) => row.start ?? 0)),
    duration: Float64Array.from(column((row) => row.duration ?? 10)),
    status: Int8Array.from(column((row) => row.status ?? 0)),
    inputTokens: Float64Array.from(column((row) => row.tokens ?? -1)),
    outputTokens: new Float64Array(rows.length).fill(-1),
    cost: BigInt64Array.from(rows.map((row) => row.cost ?? unknownCost)),
    attempt: new Uint32Array(rows.length),
    loopIteration: new Uint32Array(rows.length),
    flags: Uint16Array.from(column((row) => row.flags ?? 0)),
    hash: BigUint64Array.from(rows.map((row) => BigInt(row.id))),
  };
}

const noMarks: TraceMarks = {
  eventSpanId: [],
  eventTime: [],
  eventName: [],
  linkSpanId: [],
  linkedSpanId: [],
  linkRel: [],
};

function build(rows: readonly Row[], marks = noMarks, maxSpans = 1000): TraceSkeleton {
  const skeleton = buildSkeleton({
    traceId: 'a'.repeat(32),
    projectId: 'default',
    columns: toColumns(rows),
    marks,
    nowUnixNano: 1_000_000_000_000_009_999n,
    maxSpans,
  });
  return traceSkeleton.parse(skeleton);
}

const codes = (skeleton: TraceSkeleton): string[] =>
  skeleton.notices.map((one) => `${one.code} ${one.count}`);

const odd: [string, Row[], number[], string[]][] = [
  ['a chain', [{ id: 1 }, { id: 2, parent: 1 }, { id: 3, parent: 2 }], [-1, 0, 1], []],
  ['children before parents', [{ id: 2, parent: 1 }, { id: 1 }], [1, -1], []],
  ['an orphan', [{ id: 1 }, { id: 2, parent: 9 }], [-1, -2], ['orphans 1']],
  ['several roots', [{ id: 1 }, { id: 2 }], [-1, -1], ['several_roots 2']],
  ['a span that is its own parent', [{ id: 1, parent: 1 }], [-2], ['cycle 1']],
  [
    'a circle with a branch',
    [
      { id: 1, parent: 3 },
      { id: 2, parent: 1 },
      { id: 3, parent: 2 },
      { id: 4, parent: 2 },
    ],
    [-2, -2, -2, 1],
    ['cycle 3'],
  ],
  [
    'a child ahead of its parent',
    [
      { id: 1, start: 2e9 },
      { id: 2, parent: 1, start: 0 },
    ],
    [-1, 0],
    ['clock_skew 1'],
  ],
  [
    'a child that outlives its parent',
    [{ id: 1 }, { id: 2, parent: 1, duration: 2e9 }],
    [-1, 0],
    ['clock_skew 1'],
  ],
  [
    'a child that outlives its parent by less than a second',
    [{ id: 1 }, { id: 2, parent: 1, duration: 9e8 }],
    [-1, 0],
    [],
  ],
  [
    'flags',
    [{ id: 1, flags: 63, duration: -1 }],
    [-1],
    ['end_before_start 1', 'bad_time 1', 'running 1', 'truncated 1', 'no_service_name 1'],
  ],
];

test.each(odd)('%s', (_, rows, parents, notices) => {
  const skeleton = build(rows);
  expect(skeleton.columns.parent).toEqual(parents);
  expect(codes(skeleton)).toEqual(notices);
});

test('of several copies the one that ended last counts, and a running one never does', () => {
  const skeleton = build([
    { id: 1, duration: -1, flags: spanFlags.running },
    { id: 1, duration: 50 },
    { id: 1, duration: 20 },
    { id: 2, parent: 1, start: 5 },
  ]);
  expect(skeleton.columns.duration).toEqual([50, 10]);
  expect(skeleton.columns.parent).toEqual([-1, 0]);
  expect(skeleton.totals.spans).toBe(2);
});

test('times count from the first believable start; a bad clock does not stretch the trace', () => {
  const skeleton = build([
    { id: 9, start: -1e18, duration: 1e18 + 150, flags: spanFlags.badTime },
    { id: 1, start: 100, duration: 300 },
    { id: 8, start: 4e18, flags: spanFlags.badTime },
  ]);
  expect(skeleton.startTimeUnixNano).toBe('1000000000000000100');
  expect(skeleton.endTimeUnixNano).toBe('1000000000000000400');
  expect(skeleton.columns.start).toEqual([0, 0, 300]);
  expect(Math.max(...skeleton.columns.duration)).toBeLessThanOrEqual(300);
});

test('a running trace goes on to now', () => {
  const skeleton = build([{ id: 1, duration: -1, flags: spanFlags.running }]);
  expect(skeleton.endTimeUnixNano).toBe('1000000000000009999');
});

test('totals count calls once and add money exactly', () => {
  const skeleton = build([
    { id: 1, kind: 'agent', agent: 'b', status: 2 },
    { id: 2, parent: 1, kind: 'llm', cost: 100_000_000_000n, tokens: 7, agent: 'a' },
    { id: 3, parent: 1, kind: 'llm', cost: 200_000_000_001n, agent: 'b' },
    { id: 4, parent: 1, kind: 'embedding' },
    { id: 5, parent: 1, kind: 'tool' },
    { id: 6, parent: 1, kind: 'llm', status: 2 },
  ]);
  expect(skeleton.totals).toEqual({
    spans: 6,
    errors: 2,
    llmCalls: 3,
    toolCalls: 1,
    inputTokens: 7,
    outputTokens: null,
    costUsd: '0.300000000001',
    unpricedCalls: 1,
    agents: ['a', 'b'],
  });
  expect(skeleton.columns.costMicroUsd).toEqual([-1, 100_000, 200_000, -1, -1, -1]);
});

test.each([
  [-250_000_000_000n, '-0.25'],
  [1_000_000_000_000_000_000n, '1000000'],
  [1n, '0.000000000001'],
  [0n, '0'],
])('%d trillionths are %s', (trillionths, expected) => {
  expect(toUsdText(trillionths)).toBe(expected);
});

test('marks name rows; links and events of spans that never came are left out', () => {
  const skeleton = build(
    [
      { id: 1, start: 100 },
      { id: 2, parent: 1, start: 105 },
    ],
    {
      eventSpanId: [toId(2), toId(7)],
      eventTime: [107, 107],
      eventName: ['exception', 'lost'],
      linkSpanId: [toId(2), toId(2)],
      linkedSpanId: [toId(1), toId(7)],
      linkRel: ['retries', ''],
    },
  );
  expect(skeleton.events).toMatchObject({ row: [1], time: [7] });
  expect(skeleton.links).toMatchObject({ from: [1], to: [0] });
  expect(skeleton.strings[skeleton.events.name[0] ?? -1]).toBe('exception');
  expect(skeleton.strings[skeleton.links.rel[0] ?? -1]).toBe('retries');
});

test('a very large trace keeps what matters and the longest, and tells what is missing where', () => {
  const skeleton = build(
    [
      { id: 1, kind: 'workflow', duration: 1000 },
      { id: 2, parent: 1, kind: 'agent', duration: 1 },
      { id: 3, parent: 1, duration: 500 },
      { id: 4, parent: 1, duration: 400, cost: 500_000_000_000n, kind: 'llm' },
      { id: 5, parent: 1, duration: 300, cost: 250_000_000_000n, kind: 'llm' },
      { id: 6, parent: 3, duration: 1, status: 2 },
      { id: 7, parent: 3, duration: 90 },
      { id: 8, parent: 7, duration: 80 },
    ],
    noMarks,
    5,
  );
  expect(skeleton.spanIds).toBe([1, 2, 3, 6, 7].map(toId).join(''));
  expect(skeleton.columns.parent).toEqual([-1, 0, 0, 2, 2]);
  expect(skeleton.omitted).toEqual({
    parent: [0, 4],
    count: [2, 1],
    durationNs: [700, 80],
    costMicroUsd: [750_000, 0],
  });
  expect(skeleton.totals).toMatchObject({ spans: 8, costUsd: '0.75' });
  expect(codes(skeleton)).toEqual(['omitted 3']);
});

test('whatever the tree, no parent loops, and kept and omitted spans are all of them', () => {
  const row = fc.record({
    id: fc.nat({ max: 40 }),
    parent: fc.nat({ max: 45 }),
    duration: fc.integer({ min: -1, max: 100 }),
    status: fc.nat({ max: 2 }),
  });
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 60 }),
      (rows, limit) => {
        const skeleton = build(rows, noMarks, limit);
        const { parent } = skeleton.columns;
        expect(parent.length).toBeLessThanOrEqual(limit);
        for (const start of parent.keys())
          expect(countAncestors(parent, start)).toBeLessThan(parent.length);
        const omitted = skeleton.omitted.count.reduce((sum, count) => sum + count, 0);
        expect(parent.length + omitted).toBe(new Set(rows.map((one) => one.id)).size);
      },
    ),
  );
});

function countAncestors(parent: readonly number[], start: number): number {
  let count = 0;
  for (let row = parent[start] ?? -1; row >= 0 && count <= parent.length; row = parent[row] ?? -1)
    count += 1;
  return count;
}
