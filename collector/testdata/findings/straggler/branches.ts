/** Branches of one parent, that all begin at 100 ms. */
import type { Sketch } from '../../../src/run-spans.testing.ts';

export type BranchStory = Partial<Sketch> & { readonly ms: number; readonly from?: number };

export function fanOut(branches: readonly BranchStory[], kind: NonNullable<Sketch['kind']> = 'agent', parent: Partial<Sketch> = {}): readonly Sketch[] {
  const end = Math.max(...branches.map(({ ms, from = 0 }) => from + ms)) + 200;
  return [
    { id: 'root', kind: 'workflow', name: 'report', until: end, ...parent },
    ...branches.map(({ ms, from = 0, ...rest }, n): Sketch => {
      const name = `w${n}`;
      return {
        id: `branch ${n}`,
        parent: 'root',
        kind,
        name: `${kind} ${name}`,
        ...(kind === 'agent' ? { agentName: name } : {}),
        ...(kind === 'tool' ? { toolName: 'search' } : {}),
        at: 100 + from,
        until: 100 + from + ms,
        ...rest,
      };
    }),
  ];
}

export const ms = (...all: readonly number[]): readonly BranchStory[] => all.map((one) => ({ ms: one }));
