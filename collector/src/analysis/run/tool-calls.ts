import type { SpanKind } from '../../span.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { textOf } from './span-facts.ts';

/** The tool of a framework, the client and the server of MCP may all tell of one call: the outermost counts. */
export function toToolCalls(tree: RunTree): RunNode[] {
  return tree.nodes.filter((node) => isCall(node) && !isToldAround(node));
}

/** Listing what tools there are calls none. */
function isCall({ span }: RunNode): boolean {
  if (span.kind === 'tool') return true;
  const method = textOf(span, 'mcp.method.name');
  return span.kind === 'mcp' && span.toolName !== '' && (method === '' || method === 'tools/call');
}

const boundaries: ReadonlySet<SpanKind> = new Set(['workflow', 'agent', 'turn', 'llm']);

function isToldAround(node: RunNode): boolean {
  for (let up = node.parent; up !== null && !boundaries.has(up.span.kind); up = up.parent) {
    if (isCall(up)) return isSame(up, node);
  }
  return false;
}

function isSame({ span: a }: RunNode, { span: b }: RunNode): boolean {
  const sameId = a.toolCallId === b.toolCallId;
  return a.toolName === b.toolName ? sameId || a.kind !== b.kind : sameId && a.toolCallId !== '';
}
