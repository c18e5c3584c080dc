import type { RunTree } from '../tree/run-tree.ts';
import { textOf } from './siblings.ts';

/** Where agents are meant to take turns, taking turns is no fault. */
const patterns: ReadonlySet<string> = new Set([
  'supervisor',
  'hierarchical',
  'hub_and_spoke',
  'group_chat',
  'debate',
  'review',
  'reflection',
]);

/** Its sender declares a pattern in which agents speak in turn. */
export function isTurnTaking({ roots }: RunTree): boolean {
  return roots.some(({ span: { attributes } }) =>
    patterns.has(textOf(attributes, 'orchescope.workflow.pattern').replaceAll('-', '_')),
  );
}
