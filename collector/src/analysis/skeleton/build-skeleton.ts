/** The columns of the store as the columns of the API: parents by row, strings by number, times from the start. */
import type { TraceSkeleton } from '../../contract.ts';
import { spanFlags, spanKinds } from '../../span.ts';
import type { TraceColumns, TraceMarks, TraceTotals } from '../../store/read-skeleton.ts';
import { cutRows } from './cut-rows.ts';
import { toNotices } from './notices.ts';
import { toParentRows } from './parent-rows.ts';
import { toRelativeTimes } from './relative-times.ts';
import { createStringTable } from './string-table.ts';

export type SkeletonInput = {
  readonly traceId: string;
  readonly projectId: string;
  readonly columns: TraceColumns;
  readonly marks: TraceMarks;
  readonly totals: TraceTotals;
  /** For spans that are still running. */
  readonly nowUnixNano: bigint;
  readonly maxSpans: number;
};

export function buildSkeleton(input: SkeletonInput): TraceSkeleton {
  const { columns, totals } = input;
  const parents = toParentRows(columns.spanId, columns.parentSpanId);
  const times = toRelativeTimes(columns);
  const cut = cutRows({ ...columns, parent: parents.parent }, input.maxSpans);
  const { kept } = cut;
  const table = createStringTable();
  const pick = (values: ArrayLike<number>): number[] =>
    Array.from(kept, (row) => values[row] ?? -1);
  const pickText = (texts: readonly string[]): number[] =>
    Array.from(kept, (row) => table.toIndex(texts[row] ?? ''));
  const spanIds = Array.from(kept, (row) => columns.spanId[row] ?? '');
  const newRows = new Int32Array(parents.parent.length).fill(-2);
  for (let at = 0; at < kept.length; at += 1) newRows[kept[at] ?? 0] = at;
  const start = columns.baseUnixNano + BigInt(Math.trunc(times.shift));
  const omittedSpans = columns.spanId.length - kept.length;
  const { revision: _, ...shownTotals } = totals;
  return {
    traceId: input.traceId,
    projectId: input.projectId,
    startTimeUnixNano: toNanoseconds(start),
    endTimeUnixNano: toNanoseconds(toEnd(input, start, times.end)),
    kinds: [...spanKinds],
    spanIds: spanIds.join(''),
    columns: {
      parent: Array.from(kept, (row) => toNewParent(parents.parent[row] ?? -1, newRows)),
      name: Array.from(kept, (row) => table.toIndex(columns.name[row] || '(no name)')),
      kind: pick(columns.kind),
      agent: pickText(columns.agent),
      model: pickText(columns.model),
      service: pickText(columns.service),
      errorType: pickText(columns.errorType),
      start: pick(times.start),
      duration: pick(times.duration),
      status: pick(columns.status),
      inputTokens: pick(columns.inputTokens),
      outputTokens: pick(columns.outputTokens),
      costMicroUsd: pick(columns.costMicroUsd),
      attempt: pick(columns.attempt),
      loopIteration: pick(columns.loopIteration),
      flags: pick(columns.flags),
    },
    ...toMarks(input.marks, spanIds, times.shift, times.end, table.toIndex),
    strings: [...table.strings],
    totals: { ...shownTotals, agents: [...totals.agents] },
    omitted: cut.omitted,
    notices: toNotices({
      parents,
      start: columns.start,
      duration: columns.duration,
      flags: columns.flags,
      omittedSpans,
    }),
  };
}

function toNewParent(parent: number, newRows: Int32Array): number {
  return parent < 0 ? parent : (newRows[parent] ?? -2);
}

function toEnd(input: SkeletonInput, start: bigint, length: number): bigint {
  const last = start + BigInt(Math.trunc(length));
  const running = input.columns.flags.some((flags) => (flags & spanFlags.running) !== 0);
  return running && input.nowUnixNano > last ? input.nowUnixNano : last;
}

function toNanoseconds(value: bigint): string {
  return (value < 0n ? 0n : value).toString();
}

/** Only of spans that were kept. A link may name a span of this trace that never came. */
function toMarks(
  marks: TraceMarks,
  spanIds: readonly string[],
  shift: number,
  length: number,
  toIndex: (text: string) => number,
): Pick<TraceSkeleton, 'events' | 'links'> {
  const events: TraceSkeleton['events'] = { row: [], time: [], name: [] };
  const links: TraceSkeleton['links'] = { from: [], to: [], rel: [] };
  if (marks.eventSpanId.length + marks.linkSpanId.length === 0) return { events, links };
  const rows = new Map(spanIds.map((spanId, row) => [spanId, row]));
  for (const [at, spanId] of marks.eventSpanId.entries()) {
    const row = rows.get(spanId);
    if (row === undefined) continue;
    events.row.push(row);
    events.time.push(Math.min(Math.max((marks.eventTime[at] ?? 0) - shift, 0), length));
    events.name.push(toIndex(marks.eventName[at] ?? ''));
  }
  for (const [at, spanId] of marks.linkSpanId.entries()) {
    const from = rows.get(spanId);
    const to = rows.get(marks.linkedSpanId[at] ?? '');
    if (from === undefined || to === undefined) continue;
    links.from.push(from);
    links.to.push(to);
    links.rel.push(toIndex(marks.linkRel[at] ?? ''));
  }
  return { events, links };
}
