/** Calls one after the other, or side by side. */
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

export type CallStory = Partial<Sketch> & { readonly ms?: number; readonly gap?: number };

/** From `at` on, each when the one before has ended and `gap` ms are over. */
export function inRow(parent: string, calls: readonly CallStory[], at = 1000): readonly Sketch[] {
  let now = at;
  return calls.map(({ ms = 800, gap = 2, ...rest }, n): Sketch => {
    const begin = now + gap;
    now = begin + ms;
    return { id: `${parent} ${at} ${n}`, parent, at: begin, until: now, ...rest };
  });
}

export const tools = (count: number, toolName: string, rest: Partial<Sketch> = {}): readonly CallStory[] =>
  times(count, (n) => ({ kind: 'tool', toolName, name: `execute_tool ${toolName}`, toolCallId: `call_${n}`, ...rest }));

export const steps = (count: number, rest: (n: number) => Partial<Sketch>): readonly CallStory[] =>
  times(count, (n) => ({ kind: 'step', name: `step s${n}`, ...rest(n) }));

/** An agent that asks a model, and then has what it asked for done. */
export function asking(calls: readonly CallStory[], { dialect = 'orchescope', shape = 'flat' as 'flat' | 'step' | 'node' | 'no model' } = {}): readonly Sketch[] {
  const parent = shape === 'flat' || shape === 'no model' ? 'agent' : 'inner';
  const spans = inRow(parent, calls);
  const end = Math.max(0, ...spans.map(({ until }) => until ?? 0)) + 1000;
  const model: Sketch = { id: 'llm', parent: shape === 'step' ? 'inner' : 'agent', kind: 'llm', model: 'gpt-5-mini', at: 10, until: 1000 };
  const all: readonly Sketch[] = [
    { id: 'agent', kind: 'agent', agentName: 'concierge', until: end },
    ...(shape === 'step' || shape === 'node' ? [{ id: 'inner', parent: 'agent', kind: 'step' as const, name: shape === 'step' ? 'step' : 'tools', at: shape === 'step' ? 5 : 1000, until: end - 1000 }] : []),
    ...(shape === 'no model' ? [] : [model]),
    ...spans,
  ];
  return all.map((span) => ({ ...span, dialect }));
}
