/** How the twenty span kinds share seven colours and glyphs. */
import type { SpanKind } from 'orchescope/contract';

export type KindGroup = 'agent' | 'llm' | 'tool' | 'handoff' | 'data' | 'guard' | 'other';

/** Keyed by the contract's kinds, so a new one there fails the type check here. */
const groupOfKind: Record<SpanKind, KindGroup> = {
  other: 'other',
  workflow: 'other',
  agent: 'agent',
  turn: 'agent',
  step: 'other',
  llm: 'llm',
  embedding: 'llm',
  tool: 'tool',
  mcp: 'tool',
  retrieval: 'data',
  rerank: 'data',
  memory: 'data',
  plan: 'other',
  route: 'other',
  handoff: 'handoff',
  guardrail: 'guard',
  evaluation: 'guard',
  approval: 'guard',
  queue: 'other',
  checkpoint: 'other',
};

export const kindNames = Object.keys(groupOfKind) as readonly SpanKind[];

export const kindGroups: readonly {
  readonly group: KindGroup;
  readonly glyph: string;
  readonly label: string;
}[] = [
  { group: 'agent', glyph: 'A', label: 'Agent' },
  { group: 'llm', glyph: 'L', label: 'LLM' },
  { group: 'tool', glyph: 'T', label: 'Tool' },
  { group: 'handoff', glyph: 'H', label: 'Handoff' },
  { group: 'data', glyph: 'D', label: 'Data' },
  { group: 'guard', glyph: 'G', label: 'Guard' },
  { group: 'other', glyph: '·', label: 'Other' },
];

/** Number in `kindGroups`, by number in `kindNames`. */
const groupNumbers = kindNames.map((kind) =>
  kindGroups.findIndex(({ group }) => group === groupOfKind[kind]),
);

export function groupNumberOf(kind: number): number {
  return groupNumbers[kind] ?? kindGroups.length - 1;
}

export function glyphOf(kind: number): string {
  return kindGroups[groupNumberOf(kind)]?.glyph ?? '·';
}

/** As a person says it: "LLM", "agent", "handoff". */
export function kindLabel(kind: number): string {
  const name = kindNames[kind] ?? 'other';
  return name === 'llm' || name === 'mcp' ? name.toUpperCase() : name;
}
