/** What agents planned, and which steps carried it out. */
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { labelOf } from './names.ts';
import { hasFailed, isOfKind, numberOf, textOf } from './siblings.ts';

export type PlannedTask = { readonly id: string; readonly dependsOn: readonly string[] };

/** All versions of one plan. */
export type Plan = {
  readonly name: string;
  /** The first version first. */
  readonly nodes: readonly RunNode[];
  /** Of the last version. */
  readonly tasks: readonly PlannedTask[];
  /** Of any version. */
  readonly ids: ReadonlySet<string>;
};

export function toPlans({ nodes }: RunTree): readonly Plan[] {
  const told = nodes.flatMap((node) => {
    const tasks = isOfKind(node, 'plan') && !hasFailed(node) ? readTasks(node) : [];
    return tasks.length === 0 ? [] : [{ node, tasks }];
  });
  const byName = Map.groupBy(told, ({ node }) => `${node.parent?.at ?? ''} ${labelOf(node)}`);
  return [...byName.values()].map((versions) => {
    const inOrder = versions.toSorted((a, b) => versionOf(a.node) - versionOf(b.node));
    return {
      name: inOrder
        .slice(0, 1)
        .map(({ node }) => labelOf(node))
        .join(''),
      nodes: inOrder.map(({ node }) => node),
      tasks: inOrder.at(-1)?.tasks ?? [],
      ids: new Set(inOrder.flatMap(({ tasks }) => tasks.map(({ id }) => id))),
    };
  });
}

/** Where no version is told, the later is the newer. */
function versionOf({ span }: RunNode): number {
  return numberOf(span.attributes, 'orchescope.plan.version') ?? 0;
}

/** JSON as a text; what is cut or hostile is no plan. */
function readTasks({ span }: RunNode): readonly PlannedTask[] {
  const text = textOf(span.attributes, 'orchescope.plan.tasks');
  if (text === '') return [];
  try {
    const tasks: unknown = JSON.parse(text);
    return Array.isArray(tasks) ? tasks.flatMap(toTask) : [];
  } catch {
    return [];
  }
}

function toTask(value: unknown): PlannedTask[] {
  if (typeof value !== 'object' || value === null || !('id' in value)) return [];
  if (typeof value.id !== 'string' || value.id === '') return [];
  const dependsOn = 'dependsOn' in value ? toNames(value.dependsOn) : [];
  return [{ id: value.id, dependsOn }];
}

export function toNames(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

/** Work that may be one of a plan, by the id of the task; where a step has no id, its name stands for it. */
export function toStepsById({ nodes }: RunTree): ReadonlyMap<string, readonly RunNode[]> {
  const steps = new Map<string, RunNode[]>();
  for (const node of nodes) {
    const id = taskIdOf(node);
    if (id === '') continue;
    const known = steps.get(id);
    if (known === undefined) steps.set(id, [node]);
    else known.push(node);
  }
  return steps;
}

function taskIdOf(node: RunNode): string {
  const id = textOf(node.span.attributes, 'orchescope.step.id');
  if (id !== '') return id;
  return isOfKind(node, 'step', 'agent', 'tool', 'mcp') ? labelOf(node).replace(/^step /, '') : '';
}

/** Tasks that a checkpoint says were done before. */
export function toSkipped({ nodes }: RunTree): ReadonlySet<string> {
  const skipped = new Set<string>();
  for (const { span } of nodes) {
    for (const { name, attributes } of span.events) {
      if (name !== 'orchescope.checkpoint') continue;
      skipped.add(textOf(attributes, 'orchescope.checkpoint.step'));
    }
  }
  return skipped;
}
