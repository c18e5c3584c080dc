/** What a single span says, as detectors ask for it. */
import type { SpanKind } from '../../span.ts';
import type { RunNode } from '../tree/run-tree.ts';

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
