import type { SpanKind } from '../../span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import type { Subtrees } from '../tree/subtrees.ts';
import { toNearestAbove } from './above.ts';
import { textOf } from './span-facts.ts';

/** The tool of a framework, the client and the server of MCP may all tell of one call: the outermost counts. */
export function toToolCalls({ nodes }: RunTree, { topDown }: Subtrees): RunNode[] {
  const above = toNearestAbove(topDown, isCall, ({ span }) => boundaries.has(span.kind));
  return nodes.filter((node) => {
    const around = above[node.at] ?? null;
    return isCall(node) && (around === null || !isSame(around, node));
  });
}

/** Listing what tools there are calls none. */
function isCall({ span }: RunNode): boolean {
  if (span.kind === 'tool') return true;
  const method = textOf(span, 'mcp.method.name');
  return span.kind === 'mcp' && span.toolName !== '' && (method === '' || method === 'tools/call');
}

const boundaries: ReadonlySet<SpanKind> = new Set(['workflow', 'agent', 'turn', 'llm']);

function isSame({ span: a }: RunNode, { span: b }: RunNode): boolean {
  const sameId = a.toolCallId === b.toolCallId;
  return a.toolName === b.toolName ? sameId || a.kind !== b.kind : sameId && a.toolCallId !== '';
}
