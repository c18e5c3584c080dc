import type { SpanKind } from '../../span.ts';
import type { Fields } from './read-fields.ts';

export type ReadHandoff = {
  readonly kind: SpanKind;
  readonly handoffFrom: string | null;
  readonly handoffTo: string | null;
};

/** Frameworks let a model hand over by a tool with a telling name. */
const handoffTool = /^(?:transfer|handoff)_to_(.+)$/;

export function readHandoff(kind: SpanKind, toolName: string, fields: Fields): ReadHandoff {
  const handoffFrom = fields.get('handoffFrom');
  const handoffTo = fields.get('handoffTo');
  const target = kind === 'tool' ? handoffTool.exec(toolName)?.[1] : undefined;
  if (target === undefined) return { kind, handoffFrom, handoffTo };
  return {
    kind: 'handoff',
    handoffFrom: handoffFrom ?? fields.get('agentName'),
    // `transfer_to_agent` names nobody: whom is in its arguments.
    handoffTo: handoffTo ?? (target === 'agent' ? fields.get('handoffArgument') : target),
  };
}
