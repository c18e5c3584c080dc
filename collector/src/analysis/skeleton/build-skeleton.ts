/** The columns of the store as the columns of the API: parents by row, strings by number, times from the start. */
import type { SkeletonColumns, TraceSkeleton } from '../../contract.ts';
import { spanFlags, spanKinds } from '../../span.ts';
import type { TraceColumns, TraceMarks } from '../../store/read-skeleton.ts';
import { cutRows } from './cut-rows.ts';
import { toLatestRows } from './latest-rows.ts';
import { toMarks } from './marks.ts';
import { toNotices } from './notices.ts';
import { lostParent, toParentRows } from './parent-rows.ts';
import { toRelativeTimes } from './relative-times.ts';
import { createStringTable, type StringTable } from './string-table.ts';
import { sumTotals } from './sum-totals.ts';

export type SkeletonInput = {
  readonly traceId: string;
  readonly projectId: string;
  readonly columns: TraceColumns;
  readonly marks: TraceMarks;
  /** For spans that are still running. */
  readonly nowUnixNano: bigint;
  readonly maxSpans: number;
};

export function buildSkeleton(input: SkeletonInput): TraceSkeleton {
  const columns = pickRows(input.columns, toLatestRows(input.columns));
  const parents = toParentRows(columns.spanId, columns.parentSpanId);
  const times = toRelativeTimes(columns);
  const costMicroUsd = columns.costUsd.map(toMicroUsd);
  const { kept, omitted } = cutRows(
    { ...columns, parent: parents.parent, costMicroUsd },
    input.maxSpans,
  );
  const table = createStringTable();
  const sent = pickRows({ ...columns, ...times, costMicroUsd }, kept);
  const start = columns.baseUnixNano + BigInt(Math.trunc(times.shift));
  return {
    traceId: input.traceId,
    projectId: input.projectId,
    startTimeUnixNano: toNanoseconds(start),
    endTimeUnixNano: toNanoseconds(toEnd(columns.flags, start, times.end, input.nowUnixNano)),
    kinds: [...spanKinds],
    spanIds: sent.spanId.join(''),
    columns: toColumns(sent, toKeptParents(parents.parent, kept), table),
    ...toMarks(input.marks, sent.spanId, times, table),
    strings: [...table.strings],
    totals: sumTotals(columns),
    omitted,
    notices: toNotices({ ...columns, parents, omittedSpans: columns.spanId.length - kept.length }),
  };
}

type Picked<T> = {
  [K in keyof T]: T[K] extends readonly (infer V)[] ? V[] : T[K];
};

/** The same columns with these rows only; what is no column stays. */
function pickRows<T extends { readonly spanId: readonly string[] }>(
  columns: T,
  rows: Int32Array,
): Picked<T> {
  const all = rows.length === columns.spanId.length;
  const picked = Object.entries(columns).map(([name, values]: [string, unknown]) => [
    name,
    Array.isArray(values) && !all ? Array.from(rows, (row) => values[row]) : values,
  ]);
  return Object.fromEntries(picked) as Picked<T>;
}

type Sent = Picked<Omit<TraceColumns, 'baseUnixNano'>> & { readonly costMicroUsd: number[] };

function toColumns(sent: Sent, parent: number[], { toIndex }: StringTable): SkeletonColumns {
  return {
    parent,
    name: sent.name.map((name) => toIndex(name || '(no name)')),
    kind: sent.kind,
    agent: sent.agent.map(toIndex),
    model: sent.model.map(toIndex),
    service: sent.service.map(toIndex),
    errorType: sent.errorType.map(toIndex),
    start: sent.start,
    duration: sent.duration,
    status: sent.status,
    inputTokens: sent.inputTokens,
    outputTokens: sent.outputTokens,
    costMicroUsd: sent.costMicroUsd,
    attempt: sent.attempt,
    loopIteration: sent.loopIteration,
    flags: sent.flags,
  };
}

function toMicroUsd(cost: string): number {
  return cost === '' ? -1 : Math.round(Number(cost) * 1e6);
}

/** Whoever is kept keeps its parent, so rows only need their new numbers. */
function toKeptParents(parent: Int32Array, kept: Int32Array): number[] {
  if (kept.length === parent.length) return Array.from(parent);
  const newRows = new Int32Array(parent.length).fill(lostParent);
  for (const [at, row] of kept.entries()) newRows[row] = at;
  return Array.from(kept, (row) => {
    const one = parent[row] ?? lostParent;
    return one < 0 ? one : (newRows[one] ?? lostParent);
  });
}

function toEnd(flags: readonly number[], start: bigint, length: number, now: bigint): bigint {
  const last = start + BigInt(Math.trunc(length));
  const running = flags.some((one) => (one & spanFlags.running) !== 0);
  return running && now > last ? now : last;
}

function toNanoseconds(value: bigint): string {
  return (value < 0n ? 0n : value).toString();
}
