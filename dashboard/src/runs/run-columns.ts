/** The columns of the list of runs, in order, and which of them the server can sort by. */
import type { RunSort } from 'orchescope/contract';
import type { Column } from '../list/list-page.ts';

export const runColumns: readonly Column<RunSort>[] = [
  { id: 'status', label: 'Status', sort: null, numeric: false },
  { id: 'time', label: 'Started', sort: 'start_time', numeric: false },
  { id: 'name', label: 'Workflow', sort: null, numeric: false },
  { id: 'pattern', label: 'Pattern', sort: null, numeric: false },
  { id: 'agents', label: 'Agents', sort: null, numeric: false },
  { id: 'duration', label: 'Duration', sort: 'duration', numeric: true },
  { id: 'tokens', label: 'Tokens', sort: 'tokens', numeric: true },
  { id: 'cost', label: 'Cost', sort: 'cost', numeric: true },
  { id: 'errors', label: 'Errors', sort: 'errors', numeric: true },
  { id: 'findings', label: 'Findings', sort: 'findings', numeric: false },
];
