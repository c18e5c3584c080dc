/** What to call a span in a sentence, and in the name of a problem that many runs have. */
import type { RunNode } from '../tree/run-tree.ts';
import { isOfKind, textOf } from './siblings.ts';

/** The tool, the model, the agent or what its sender named it. */
export function labelOf({ span }: RunNode): string {
  const { kind, toolName, model, agentName, name, attributes } = span;
  const own = textOf(attributes, 'orchescope.name');
  if (kind === 'tool' || kind === 'mcp') return toolName || own || name;
  if (kind === 'llm' || kind === 'embedding') return model || own || name;
  if (kind === 'agent') return agentName || own || name;
  return own || name;
}

/** Of a wrapper that does one thing, that thing: a step `try` that calls a model is called by the model. */
export function innerLabelOf(node: RunNode): string {
  let at = node;
  for (let depth = 0; depth < 8 && isOfKind(at, 'step', 'other'); depth += 1) {
    const inner = at.children.find((child) =>
      isOfKind(child, 'tool', 'mcp', 'llm', 'embedding', 'retrieval', 'agent', 'step'),
    );
    if (inner === undefined) break;
    at = inner;
  }
  return labelOf(at) || labelOf(node);
}
