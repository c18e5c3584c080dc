import type { RunNode } from '../tree/run-tree.ts';
import { toNearestAbove } from './above.ts';

/** By place: the tool that a span works for, the nearest above it with no agent between; empty when there is none. */
export function toToolNames(topDown: readonly RunNode[]): readonly string[] {
  const above = toNearestAbove(topDown, isTool, ({ span }) => span.kind === 'agent');
  return above.map((tool) => (tool === null ? '' : tool.span.toolName || tool.span.name));
}

const isTool = ({ span }: RunNode): boolean => span.kind === 'tool' || span.kind === 'mcp';
