/** Events and links by row. */
import type { TraceSkeleton } from '../../contract.ts';
import type { TraceMarks } from '../../store/read-skeleton.ts';
import type { RelativeTimes } from './relative-times.ts';
import type { StringTable } from './string-table.ts';

const idLength = 16;

/** Only of spans that are sent; a link may also name a span of this trace that never came. */
export function toMarks(
  marks: TraceMarks,
  spanIds: string,
  times: Pick<RelativeTimes, 'shift' | 'end'>,
  { toIndex }: StringTable,
): Pick<TraceSkeleton, 'events' | 'links'> {
  const events: TraceSkeleton['events'] = { row: [], time: [], name: [] };
  const links: TraceSkeleton['links'] = { from: [], to: [], rel: [] };
  if (marks.eventSpanId.length + marks.linkSpanId.length === 0) return { events, links };
  const rows = new Map<string, number>();
  for (let row = 0; row * idLength < spanIds.length; row += 1)
    rows.set(spanIds.slice(row * idLength, (row + 1) * idLength), row);
  for (const [at, spanId] of marks.eventSpanId.entries()) {
    const row = rows.get(spanId);
    if (row === undefined) continue;
    events.row.push(row);
    events.time.push(Math.min(Math.max((marks.eventTime[at] ?? 0) - times.shift, 0), times.end));
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
