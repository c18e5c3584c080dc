/**
 * One trace as the waterfall draws it: typed arrays in preorder, one entry a node. A node is a span or a row the
 * layout made up. `row` leads back to the skeleton. Arrays move between threads without a copy.
 */
import type { TraceSkeleton } from 'orchescope/contract';

export const nodeTypes = {
  span: 0,
  /** "Parent not received": holds every span whose parent is missing. */
  orphans: 1,
  /** Spans the server left out below `parent`. */
  omission: 2,
} as const;

/** Bits of `marks`. */
export const marks = {
  critical: 1,
  /** Slower than 95 % of the spans of its name and kind. */
  slow: 2,
  /** Starts before its parent: the clocks differ. */
  skew: 4,
  /** Its parents form a circle that was cut here. */
  cycle: 8,
  /** It or a span below it failed. */
  errorWithin: 16,
  costly: 32,
  /** Second or later attempt. */
  retry: 64,
  wait: 128,
  running: 256,
  error: 512,
  badTime: 1024,
  endBeforeStart: 2048,
  truncated: 4096,
} as const;

export const foldTypes = { repeat: 0, attempts: 1, iterations: 2 } as const;

export type TraceLayout = {
  readonly count: number;
  /** Row of the skeleton; -1 for rows the layout made up. */
  readonly row: Int32Array;
  readonly type: Uint8Array;
  /** Node numbers; -1 = top level. */
  readonly parent: Int32Array;
  readonly depth: Int32Array;
  /** One past the last node below this one. */
  readonly subtreeEnd: Int32Array;
  /** Nanoseconds since the trace start. A running span ends at `nowNs`. */
  readonly start: Float64Array;
  readonly end: Float64Array;
  /** Nanoseconds not covered by children. */
  readonly self: Float64Array;
  /** Number in `spanKinds` order of `kinds`. */
  readonly kind: Uint8Array;
  readonly status: Uint8Array;
  readonly marks: Uint16Array;
  /** Numbers in `strings`; -1 = none. */
  readonly name: Int32Array;
  readonly agent: Int32Array;
  readonly model: Int32Array;
  readonly service: Int32Array;
  readonly errorType: Int32Array;
  /** -1 = not told. */
  readonly tokens: Float64Array;
  readonly costMicroUsd: Float64Array;
  readonly attempt: Int32Array;
  /** How many attempts the operation took in all; 0 = not told. */
  readonly attempts: Int32Array;
  readonly loopIteration: Int32Array;
  /** For omission rows: how many spans they stand for. */
  readonly omittedCount: Float64Array;
  /** Node a handoff or link leads to; -1 = none. */
  readonly target: Int32Array;
  /** Skeleton row -> node. */
  readonly nodeOfRow: Int32Array;

  readonly folds: Folds;
  readonly events: {
    readonly node: Int32Array;
    readonly time: Float64Array;
    readonly name: Int32Array;
  };
  readonly criticalPath: CriticalPath;
  readonly idle: IdleGaps;
  /** Extent drawn at zoom 0, nanoseconds since the trace start; times that cannot be trusted do not stretch it. */
  readonly extentStart: number;
  readonly extentEnd: number;
  readonly nowNs: number;
  /** Node of the deepest error that started first; -1 = none. */
  readonly firstError: number;
  readonly maxDepth: number;
};

/** Runs of siblings shown as one row. Members are the siblings in `[first, end)`. */
export type Folds = {
  readonly count: number;
  readonly type: Uint8Array;
  readonly first: Int32Array;
  readonly end: Int32Array;
  readonly members: Int32Array;
  readonly errors: Int32Array;
  /** 1 = a member lies on the critical path. */
  readonly critical: Uint8Array;
  readonly p50: Float64Array;
  readonly p95: Float64Array;
  readonly costMicroUsd: Float64Array;
  /** Node -> fold it is a direct member of; -1 = none. */
  readonly ofNode: Int32Array;
};

/** Segments from the end of the trace back to its start; they touch and never overlap. `node` -1 = nobody's time. */
export type CriticalPath = {
  readonly node: Int32Array;
  readonly from: Float64Array;
  readonly to: Float64Array;
  /** 1 = the time was spent waiting. */
  readonly wait: Uint8Array;
  readonly totalNs: number;
  /** Nanoseconds by kind number, own time of the spans on the path; waits are apart. */
  readonly byKind: Float64Array;
  readonly waitNs: number;
};

/** Stretches in which no leaf span worked. */
export type IdleGaps = {
  readonly start: Float64Array;
  readonly end: Float64Array;
  readonly totalNs: number;
};

/** What the page around the waterfall may want to know; small, no columns. */
export type TraceFacts = Pick<
  TraceSkeleton,
  | 'traceId'
  | 'projectId'
  | 'startTimeUnixNano'
  | 'endTimeUnixNano'
  | 'kinds'
  | 'strings'
  | 'spanIds'
  | 'totals'
  | 'notices'
> & {
  /** Name of the first row of the tree. */
  readonly name: string;
  readonly durationNs: number;
  readonly running: boolean;
};

export type LoadedTrace = { readonly facts: TraceFacts; readonly layout: TraceLayout };
