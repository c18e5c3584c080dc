import type { Run } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';

type Input = {
  readonly tree: { readonly nodes: readonly RunNode[] };
  /** In order of start time. */
  readonly modelCalls: readonly RunNode[];
  readonly status: Run['status'];
};

const asksForTools: ReadonlySet<string> = new Set([
  'tool_calls',
  'tool_call',
  'tool-calls',
  'tool_use',
]);

/**
 * Calls that asked for tools whose answers no model read, since the run ended before: it was stopped, or gave what it had.
 * A run that completed may have ended on a tool on purpose, and one that goes on may still read them.
 */
export function toUnreadCalls({ tree, modelCalls, status }: Input): readonly RunNode[] {
  if (status !== 'cancelled' && status !== 'partial') return [];
  const lastAskedNs = modelCalls.at(-1)?.span.startNs ?? Infinity;
  const lastCalls = new Map(modelCalls.map((call) => [call.agentNode, call]));
  const unread = new Set<RunNode>();
  for (const { span, agentNode } of tree.nodes) {
    const call = lastCalls.get(agentNode);
    if (call === undefined || !isAnswered(span, lastAskedNs) || span.startNs < call.endNs) continue;
    if (call.span.finishReasons.some((reason) => asksForTools.has(reason))) unread.add(call);
  }
  return [...unread];
}

/** A tool that answered once every model had been asked. */
function isAnswered({ kind, endNs }: RunNode['span'], lastAskedNs: number): boolean {
  return (kind === 'tool' || kind === 'mcp') && endNs !== null && endNs > lastAskedNs;
}
