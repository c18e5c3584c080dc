import type { Finding } from '../../run.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { toNames, toPlans, toSkipped, toStepsById, type Plan } from './plans.ts';
import { hasFailed, isOfKind, numberOf, textOf } from './siblings.ts';
import { nameOr, plural, toList, toName } from './text.ts';
import { toFinding } from './to-finding.ts';
import { inBrackets, noWaste, wasteOf } from './waste.ts';

/** Senders round times to milliseconds. */
const toleranceNs = 1_000_000;

type Steps = ReadonlyMap<string, readonly RunNode[]>;

export const planDeviationDetector = defineDetector({
  kind: 'plan_deviation',
  thresholds: {
    tasks: {
      default: 1,
      min: 1,
      max: 10_000,
      unit: 'count',
      description:
        'Tasks that were planned and never run, run and never planned, or run before what they depend on.',
    },
    replans: {
      default: 3,
      min: 1,
      max: 1000,
      unit: 'count',
      description: 'Plans that took the place of an earlier one.',
    },
  },
  detect(input, { tasks, replans }) {
    const steps = toStepsById(input.tree);
    const all = toPlans(input.tree);
    const plans = all.filter(({ ids }) => isComparable(ids, steps));
    return [
      ...plans.flatMap((plan) => findNeverRun(plan, steps, tasks, input)),
      ...findUnplanned(plans, steps, tasks, input),
      ...findOutOfOrder(plans, steps, tasks, input),
      ...all
        .filter((plan) => plans.includes(plan) || isVersioned(plan))
        .flatMap((plan) => findReplans(plan, replans, input)),
    ];
  },
});

/** Half of what was planned is found again: steps and plan speak of the same ids. */
function isComparable(ids: ReadonlySet<string>, steps: Steps): boolean {
  const found = [...ids].filter((id) => steps.has(id)).length;
  return found > 0 && 2 * found >= ids.size;
}

/** Its sender says that each takes the place of the one before, whatever became of their tasks. */
function isVersioned({ nodes }: Plan): boolean {
  const versions = nodes.map(({ span }) => numberOf(span.attributes, 'orchescope.plan.version'));
  return versions.every((version, n) => version === n + 1);
}

/** What failed, or waits for what failed, explains itself; so does a run that did not come to its end. */
function findNeverRun(
  plan: Plan,
  steps: Steps,
  least: number,
  { tree, run }: DetectorInput,
): readonly Finding[] {
  if (run.status !== 'completed') return [];
  const skipped = toSkipped(tree);
  const blocked = new Set<string>();
  // Tasks may be listed in any order: what is blocked spreads until it spreads no more, a few rounds at most.
  for (let round = 0, before = -1; round < 20 && blocked.size > before; round += 1) {
    before = blocked.size;
    for (const { id, dependsOn } of plan.tasks) {
      if (dependsOn.some((other) => blocked.has(other)) || isFailed(id, steps)) blocked.add(id);
    }
  }
  const never = plan.tasks
    .map(({ id }) => id)
    .filter((id) => !steps.has(id) && !skipped.has(id) && !blocked.has(id));
  if (never.length < least) return [];
  return [
    toFinding({
      kind: 'plan_deviation',
      variant: 'never_run',
      severity: 'warning',
      subject: plan.name,
      sentence: `${plural(never.length, 'task')} of the plan ${nameOr(plan.name, 'without a name')} never ran, though nothing stood in the way: ${toList(never)}.`,
      advice:
        'See who was to start them: a plan that is not carried out should be changed in a new version, so that what was left out is a decision.',
      nodes: plan.nodes.slice(-1),
      waste: noWaste,
      threshold: { name: 'tasks', value: least, measured: never.length },
    }),
  ];
}

function isFailed(id: string, steps: Steps): boolean {
  const tries = steps.get(id) ?? [];
  return tries.length > 0 && tries.every(hasFailed);
}

const planned: ReadonlySet<string> = new Set(['node', 'task']);

/** Steps with an id of a task, which no plan lists. */
function findUnplanned(
  plans: readonly Plan[],
  steps: Steps,
  least: number,
  { spentUnder }: DetectorInput,
): readonly Finding[] {
  const [plan] = plans;
  if (plan === undefined) return [];
  const ids = new Set(plans.flatMap((each) => [...each.ids]));
  const begin = plan.nodes[0]?.at ?? 0;
  const found = [...steps].flatMap(([id, tries]) => {
    const [first] = tries;
    if (first === undefined || ids.has(id) || first.at < begin) return [];
    return tries.some(isTask) ? [{ id, tries }] : [];
  });
  if (found.length < least) return [];
  const nodes = found.flatMap(({ tries }) => tries);
  const waste = wasteOf(nodes, spentUnder);
  return [
    toFinding({
      kind: 'plan_deviation',
      variant: 'unplanned',
      severity: 'info',
      subject: plan.name,
      sentence: `${plural(found.length, 'task')} ran that the plan ${nameOr(plan.name, 'without a name')} does not list: ${toList(found.map(({ id }) => id))}${inBrackets(waste)}.`,
      advice:
        'Let the planner add a task to the plan before it runs, so that its costs and what it depends on are known.',
      nodes,
      waste,
      threshold: { name: 'tasks', value: least, measured: found.length },
    }),
  ];
}

function isTask(node: RunNode): boolean {
  const { attributes } = node.span;
  return (
    isOfKind(node, 'step') &&
    textOf(attributes, 'orchescope.step.id') !== '' &&
    planned.has(textOf(attributes, 'orchescope.step.type'))
  );
}

type Breach = { readonly id: string; readonly on: string; readonly nodes: readonly RunNode[] };

function findOutOfOrder(
  plans: readonly Plan[],
  steps: Steps,
  least: number,
  { tree, run }: DetectorInput,
): readonly Finding[] {
  const breaches = toBreaches(tree, plans, steps);
  if (breaches.length < least) return [];
  const name = plans[0]?.name ?? run.workflow;
  const pairs = breaches.map(({ id, on }) => `${toName(id)} before ${toName(on)}`);
  return [
    toFinding({
      kind: 'plan_deviation',
      variant: 'out_of_order',
      severity: 'warning',
      subject: name,
      sentence: `${plural(breaches.length, 'task')} began before what ${breaches.length === 1 ? 'it depends' : 'they depend'} on had ended: ${toList(pairs, 3)}.`,
      advice:
        'Start a task when all it depends on has ended well, or take the dependency out of the plan if it is none.',
      nodes: breaches.flatMap(({ nodes }) => nodes),
      waste: noWaste,
      threshold: { name: 'tasks', value: least, measured: breaches.length },
    }),
  ];
}

/** One a task. What it depends on may have run in an earlier run, and then is not to be seen. */
function toBreaches(tree: RunTree, plans: readonly Plan[], steps: Steps): readonly Breach[] {
  const skipped = toSkipped(tree);
  const inPlan = new Map(
    plans.flatMap(({ tasks }) => tasks.map(({ id, dependsOn }) => [id, dependsOn] as const)),
  );
  return [...steps].flatMap(([id, [first]]) => {
    if (first === undefined) return [];
    const own = first.span.attributes.get('orchescope.step.depends_on');
    const dependsOn = own === undefined ? (inPlan.get(id) ?? []) : toNames(own);
    for (const on of dependsOn) {
      const [other] = steps.get(on) ?? [];
      if (other === undefined || other === first || skipped.has(on)) continue;
      const isReady = other.span.endNs !== null && other.endNs <= first.span.startNs + toleranceNs;
      if (!isReady) return [{ id, on, nodes: [first, other] }];
    }
    return [];
  });
}

function findReplans(
  plan: Plan,
  replans: number,
  { spentUnder }: DetectorInput,
): readonly Finding[] {
  const count = plan.nodes.length - 1;
  if (count < replans) return [];
  const waste = wasteOf(plan.nodes.slice(1), spentUnder);
  return [
    toFinding({
      kind: 'plan_deviation',
      variant: 'replanned',
      severity: 'info',
      subject: plan.name,
      sentence: `The plan ${nameOr(plan.name, 'without a name')} was made anew ${plural(count, 'time')}${inBrackets(waste)}.`,
      advice:
        'Look at what each new plan was made for: give the planner what it did not know, or plan fewer steps ahead.',
      nodes: plan.nodes,
      waste,
      threshold: { name: 'replans', value: replans, measured: count },
    }),
  ];
}
