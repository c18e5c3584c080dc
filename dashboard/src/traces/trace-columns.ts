/** The columns of the list, in order, and which of them the server can sort by. */
import type { TraceSort } from 'orchescope/contract';
import type { Column } from '../list/list-page.ts';

export const traceColumns: readonly Column<TraceSort>[] = [
  { id: 'status', label: 'Status', isLabelHidden: true, sort: null, numeric: false },
  { id: 'time', label: 'Time', sort: 'start_time', numeric: false },
  { id: 'name', label: 'Name', sort: null, numeric: false },
  { id: 'agents', label: 'Agents', sort: null, numeric: false },
  { id: 'duration', label: 'Duration', sort: 'duration', numeric: true },
  { id: 'spans', label: 'Spans', sort: 'spans', numeric: true },
  { id: 'tokens', label: 'Tokens', sort: 'tokens', numeric: true },
  { id: 'cost', label: 'Cost', sort: 'cost', numeric: true },
  { id: 'errors', label: 'Errors', sort: 'errors', numeric: false },
];

/** null when neither side was told. */
export function totalTokens(input: number | null, output: number | null): number | null {
  return input === null && output === null ? null : (input ?? 0) + (output ?? 0);
}
