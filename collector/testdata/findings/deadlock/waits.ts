/** Agents side by side, each with the steps in which it waits. */
import { underWorkflow } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

export type WaitStory = {
  readonly who: string;
  readonly forWhom: string | readonly string[];
  readonly at: number;
  readonly until: number | null;
  readonly rest?: Partial<Sketch>;
};

export function waiting(stories: readonly WaitStory[]): readonly Sketch[] {
  const isOpen = stories.some(({ until }) => until === null);
  const end = isOpen ? null : Math.max(...stories.map(({ until }) => until ?? 0)) + 100;
  const agents = [...new Set(stories.map(({ who }) => who))];
  return underWorkflow(
    'article',
    [
      ...agents.map((agentName): Sketch => ({ id: `agent ${agentName}`, kind: 'agent', agentName, until: end })),
      ...stories.map(({ who, forWhom, at, until, rest }, n): Sketch => ({
        id: `wait ${n}`,
        parent: `agent ${who}`,
        kind: 'step',
        name: 'step wait',
        agentName: who,
        at,
        until,
        ...rest,
        attributes: { 'orchescope.wait.for': forWhom, 'orchescope.step.type': 'wait', ...rest?.attributes },
      })),
    ],
    { until: end },
  );
}
