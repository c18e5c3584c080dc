/** Walks over the neighbourhood of a span. None recurses: runs may be as deep as they are long. */
import type { SpanKind } from '../../span.ts';
import type { RunNode } from '../tree/run-tree.ts';

/** Everything below the node, parents before children; not into those that `isClosed` says yes to. */
export function* descendants(
  node: RunNode,
  isClosed: (node: RunNode) => boolean = () => false,
): Generator<RunNode> {
  const open: RunNode[] = [];
  openChildren(node, open);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    yield next;
    if (!isClosed(next)) openChildren(next, open);
  }
}

/** One by one: as arguments of a single call a hundred thousand children are too many. */
function openChildren({ children }: RunNode, open: RunNode[]): void {
  for (let at = children.length - 1; at >= 0; at -= 1) {
    const child = children[at];
    if (child !== undefined) open.push(child);
  }
}

/** From the parent up to the root. */
export function* ancestors(node: RunNode): Generator<RunNode> {
  for (let at = node.parent; at !== null; at = at.parent) yield at;
}

export function isOfKind(node: RunNode, ...kinds: readonly SpanKind[]): boolean {
  return kinds.includes(node.span.kind);
}

export function hasFailed({ span }: RunNode): boolean {
  return span.status === 'error';
}

/** Text of an attribute or an event's attribute; empty when there is none of that type. */
export function textOf(attributes: ReadonlyMap<string, unknown>, key: string): string {
  const value = attributes.get(key);
  return typeof value === 'string' ? value : '';
}

/** null when there is no number. */
export function numberOf(attributes: ReadonlyMap<string, unknown>, key: string): number | null {
  const value = attributes.get(key);
  if (typeof value === 'bigint') return Number(value);
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
