/** Find in a trace: text in names, kinds, agents, models and error types, and chips that name a trait. */
import { groupNumberOf, kindNames } from './kinds.ts';
import { marks, nodeTypes } from './trace-layout.ts';
import type { TraceLayout } from './trace-layout.ts';

export const chips = [
  { id: 'errors', label: 'Errors', means: 'Spans that failed' },
  { id: 'critical', label: 'Critical', means: 'Spans on the critical path' },
  { id: 'slow', label: 'Slow', means: 'Slower than 95 % of the spans of the same name and kind' },
  { id: 'llm', label: 'LLM', means: 'Model calls and embeddings' },
  { id: 'tools', label: 'Tools', means: 'Tool calls' },
  { id: 'handoffs', label: 'Handoffs', means: 'From one agent to another' },
  { id: 'retries', label: 'Retries', means: 'Second and later attempts' },
  { id: 'costly', label: 'Costly', means: 'The dearest twentieth of the spans' },
] as const;
export type Chip = (typeof chips)[number]['id'];

export type Query = { readonly text: string; readonly chips: ReadonlySet<Chip> };

export type Matches = {
  /** 1 for every node that matches. */
  readonly flags: Uint8Array;
  /** The same as node numbers, from top to bottom. */
  readonly nodes: Int32Array;
};

const bitOfChip: Partial<Record<Chip, number>> = {
  errors: marks.error,
  critical: marks.critical,
  slow: marks.slow,
  retries: marks.retry,
  costly: marks.costly,
};
const groupOfChip: Partial<Record<Chip, number>> = { llm: 1, tools: 2, handoffs: 3 };

/** Null when nothing is asked. Several chips: all of them must hold. */
export function find(
  layout: TraceLayout,
  strings: readonly string[],
  query: Query,
): Matches | null {
  const text = query.text.trim().toLowerCase();
  if (text === '' && query.chips.size === 0) return null;
  const flags = new Uint8Array(layout.count);
  const nodes = new Int32Array(layout.count);
  const hasText = textTest(layout, strings, text);
  const hasTraits = chipTest(layout, query.chips);
  let size = 0;
  for (let node = 0; node < layout.count; node += 1) {
    if (layout.type[node] !== nodeTypes.span || !hasTraits(node) || !hasText(node)) continue;
    flags[node] = 1;
    nodes[size] = node;
    size += 1;
  }
  return { flags, nodes: nodes.slice(0, size) };
}

type Test = (node: number) => boolean;

/** Searches the dictionary, not the spans: 100,000 spans share a few hundred strings. */
function textTest(layout: TraceLayout, strings: readonly string[], text: string): Test {
  if (text === '') return () => true;
  const hit = Uint8Array.from(strings, (string) => (string.toLowerCase().includes(text) ? 1 : 0));
  const kindHit = Uint8Array.from(kindNames, (kind) => (kind.includes(text) ? 1 : 0));
  const { name, agent, model, errorType, kind } = layout;
  const has = (column: Int32Array, node: number): boolean => hit[column[node] ?? -1] === 1;
  return (node) =>
    has(name, node) ||
    kindHit[kind[node] ?? 0] === 1 ||
    has(agent, node) ||
    has(model, node) ||
    has(errorType, node);
}

function chipTest(layout: TraceLayout, wanted: ReadonlySet<Chip>): Test {
  let bits = 0;
  const groups: number[] = [];
  for (const chip of wanted) {
    bits |= bitOfChip[chip] ?? 0;
    const group = groupOfChip[chip];
    if (group !== undefined) groups.push(group);
  }
  return (node) =>
    ((layout.marks[node] ?? 0) & bits) === bits &&
    (groups.length === 0 || groups.includes(groupNumberOf(layout.kind[node] ?? 0)));
}

/** The match after (`step` 1) or before (-1) `node`, around the ends; -1 = there are none. */
export function nextMatch(nodes: Int32Array, node: number, step: 1 | -1): number {
  if (nodes.length === 0) return -1;
  const after = firstAfter(nodes, node);
  const isOn = nodes[after - 1] === node;
  const index = step === 1 ? after : after - (isOn ? 2 : 1);
  return nodes[(index + nodes.length) % nodes.length] ?? -1;
}

/** Index of the first entry greater than `node`. */
export function firstAfter(sorted: Int32Array, node: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) <= node) low = middle + 1;
    else high = middle;
  }
  return low;
}
