/** A plan, and the steps that carry it out. */
import type { Sketch } from '../../../src/run-spans.testing.ts';

/** Task -> those it depends on. */
export type Tasks = Readonly<Record<string, readonly string[]>>;

export type StepStory = { readonly id: string; readonly at: number; readonly until: number; readonly rest?: Partial<Sketch>; readonly dependsOn?: readonly string[] };

export function plan(tasks: Tasks, { version = 1, at = 0, name = 'restock' } = {}): Sketch {
  const list = Object.entries(tasks).map(([id, dependsOn]) => ({ id, dependsOn }));
  return {
    id: `plan ${name} ${version} ${at}`,
    parent: 'root',
    kind: 'plan',
    name: `plan ${name}`,
    at,
    until: at + 50,
    attributes: { 'orchescope.name': name, 'orchescope.plan.version': version, 'orchescope.plan.tasks': JSON.stringify(list) },
  };
}

export function step({ id, at, until, rest, dependsOn }: StepStory): Sketch {
  return {
    id: `step ${id} ${at}`,
    parent: 'root',
    kind: 'step',
    name: `step ${id}`,
    at,
    until,
    ...rest,
    attributes: {
      'orchescope.name': id,
      'orchescope.step.id': id,
      'orchescope.step.type': 'node',
      ...(dependsOn === undefined ? {} : { 'orchescope.step.depends_on': dependsOn }),
      ...rest?.attributes,
    },
  };
}

/** One after the other, from 100 ms on. */
export const inTurn = (...ids: readonly string[]): readonly Sketch[] =>
  ids.map((id, n) => step({ id, at: 100 + 100 * n, until: 190 + 100 * n }));

export function planned(spans: readonly Sketch[], root: Partial<Sketch> = {}): readonly Sketch[] {
  return [{ id: 'root', kind: 'workflow', name: 'invoke_workflow restock', until: 5000, ...root }, ...spans];
}
