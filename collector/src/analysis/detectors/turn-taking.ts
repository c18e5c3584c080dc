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
export function isTurnTaking(tree: RunTree): boolean {
  return declaresOneOf(tree, patterns);
}

const chats: ReadonlySet<string> = new Set(['group_chat', 'debate']);

/** Its sender declares that agents talk to each other, and nobody gives work to others. */
export function isChat(tree: RunTree): boolean {
  return declaresOneOf(tree, chats);
}

function declaresOneOf({ roots }: RunTree, wanted: ReadonlySet<string>): boolean {
  return roots.some(({ span: { attributes } }) =>
    wanted.has(textOf(attributes, 'orchescope.workflow.pattern').replaceAll('-', '_')),
  );
}
