import type { SpanKind } from '../../span.ts';
import type { ReadKind } from './read-kind.ts';

/** Not `invoke_agent`: the AI SDK puts the model there when the agent has no name. */
const operations: Partial<Record<SpanKind, string>> = {
  workflow: 'invoke_workflow ',
  tool: 'execute_tool ',
};

/** The name of an agent, tool or workflow from the name of its span, empty when that does not tell it. */
export function readNamed(spanName: string, kind: SpanKind, readKind: ReadKind): string {
  if (readKind.kind !== kind) return '';
  if (readKind.isNamed) return spanName;
  const operation = operations[kind];
  return operation !== undefined && spanName.startsWith(operation)
    ? spanName.slice(operation.length)
    : '';
}
