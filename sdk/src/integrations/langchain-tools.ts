import type { Doc, Facts } from '../facts.ts';
import { at, listAt, numberAt, textAt } from './json.ts';

/** Who a tool hands over to, as LangGraph's supervisor and swarm name their tools; undefined for any other tool. */
export const handoffTarget = (name: string, metadata: unknown): string | undefined =>
  textAt(metadata, '__handoff_destination') ?? /^transfer_to_(.+)$/.exec(name)?.[1];

/** Only a `Command` moves the work. Its `goto` spells the agent's name as the graph does. */
export const handoffFacts = (output: unknown): Partial<Facts['handoff']> => {
  const to = listAt(output, 'goto')[0] ?? at(output, 'goto');
  return {
    accepted: at(output, 'lg_name') === 'Command',
    ...(typeof to === 'string' && { to }),
  };
};

/** A tool that told the model of its failure instead of throwing. */
export class ToolError extends Error {
  override readonly name = 'ToolError';

  constructor(output: unknown) {
    super(textAt(output, 'content') ?? 'the tool answered with an error');
  }
}

/** Documents need not have an id; their source tells them apart as well. */
export const toDocument = (document: unknown): Doc => {
  const score = numberAt(document, 'metadata', 'score');
  const id =
    at(document, 'id') ?? at(document, 'metadata', 'id') ?? at(document, 'metadata', 'source');
  return { id: String(id ?? ''), ...(score !== undefined && { score }) };
};
