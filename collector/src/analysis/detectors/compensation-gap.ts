import type { Finding, Threshold } from '../../run.ts';
import { wasCancelled } from '../run/span-facts.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { labelOf } from './names.ts';
import { hasFailed, textOf } from './siblings.ts';
import { nameOr, toName, toTimes } from './text.ts';
import { toFinding } from './to-finding.ts';
import { isLookingName } from './tool-words.ts';
import { noWaste, wasteOf } from './waste.ts';

/** Actions below one span, and what was done to take them back. */
type Saga = {
  readonly node: RunNode;
  /** Tries of each action, by its name, in order. */
  readonly actions: ReadonlyMap<string, readonly RunNode[]>;
  readonly compensations: readonly RunNode[];
  /** Those without a link, by what they take back, as their name has it. */
  readonly byName: ReadonlyMap<string, readonly RunNode[]>;
};

type Gap = {
  readonly action: RunNode;
  /** Empty: nobody tried. */
  readonly tried: readonly RunNode[];
  readonly cause: RunNode;
};

export const compensationGapDetector = defineDetector({
  kind: 'compensation_gap',
  thresholds: {
    actions: {
      default: 1,
      min: 1,
      max: 1000,
      unit: 'count',
      description: 'Actions of one saga that were done and not taken back.',
    },
  },
  detect(input, { actions }) {
    const isTold = input.tree.nodes.some(isEscalated);
    return toSagas(input.tree).flatMap((saga) => {
      const gaps = findGaps(input.tree, saga);
      if (gaps.length < actions) return [];
      const threshold = { name: 'actions', value: actions, measured: gaps.length };
      return gaps.map((gap) => toGapFinding(gap, isTold, threshold, input));
    });
  },
});

/** A person or another agent was asked to see to it. */
const isEscalated = ({ span }: RunNode): boolean =>
  span.events.some(({ name }) => name === 'orchescope.escalation');

const typeOf = ({ span }: RunNode): string => textOf(span.attributes, 'orchescope.step.type');

function toSagas(tree: RunTree): readonly Saga[] {
  const isAction = (node: RunNode): boolean => typeOf(node) === 'action';
  const parents = new Set(tree.nodes.filter(isAction).map(({ parent }) => parent));
  return [...parents]
    .filter((node) => node !== null)
    .map((node) => {
      const actions = Map.groupBy(node.children.filter(isAction), labelOf);
      const compensations = node.children.filter((child) => typeOf(child) === 'compensation');
      return { node, actions, compensations, byName: toByName(tree, compensations) };
    });
}

function toByName(tree: RunTree, compensations: readonly RunNode[]): Saga['byName'] {
  const byName = new Map<string, RunNode[]>();
  for (const node of compensations) {
    if (tree.linksOf(node).length > 0) continue;
    const words = toWords(labelOf(node));
    // `hotel`, `cancel hotel` and `hotel rollback` take back `hotel`.
    for (const name of [words, words.slice(1), words.slice(0, -1)].map((each) => each.join(' '))) {
      const known = byName.get(name) ?? [];
      known.push(node);
      byName.set(name, known);
    }
  }
  return byName;
}

function toWords(name: string): readonly string[] {
  return name
    .slice(0, 200)
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');
}

function findGaps(tree: RunTree, saga: Saga): readonly Gap[] {
  const cause = findCause(saga);
  // A saga that is still at work may yet take back what it did.
  if (cause === null || saga.node.span.endNs === null) return [];
  const done = [...saga.actions].flatMap(([name, tries]) => {
    const action = tries.at(-1);
    if (action === undefined || !isDone(action) || isLookingName(name)) return [];
    return [{ action, tried: toCompensations(tree, saga, name, tries), cause }];
  });
  const isSaga =
    textOf(saga.node.span.attributes, 'orchescope.workflow.pattern') === 'saga' ||
    saga.compensations.length > 0 ||
    done.some(({ tried }) => tried.length > 0);
  return isSaga ? done.filter(({ tried }) => tried.every(hasNotHelped)) : [];
}

const isDone = (action: RunNode): boolean =>
  !hasFailed(action) && !wasCancelled(action.span) && action.span.endNs !== null;

const hasNotHelped = (compensation: RunNode): boolean =>
  hasFailed(compensation) || wasCancelled(compensation.span);

const failedOutcomes: ReadonlySet<string> = new Set(['failed', 'terminated', 'cancelled']);

/** An action that failed for good and was not gone on from, else the saga itself; null when all is well. */
function findCause({ node, actions, compensations }: Saga): RunNode | null {
  const last = [...actions.values()].flatMap((tries) => tries.slice(-1));
  const failed = last.find(hasFailed);
  const wentOn = (cause: RunNode): boolean =>
    compensations.length === 0 &&
    last.some((action) => isDone(action) && action.span.startNs >= cause.endNs);
  if (failed !== undefined && !wentOn(failed)) return failed;
  const outcome = textOf(node.span.attributes, 'orchescope.run.outcome');
  return hasFailed(node) || failedOutcomes.has(outcome) ? (failed ?? node) : null;
}

/** Those that link to the action, else those whose name says that they take it back. */
function toCompensations(
  tree: RunTree,
  { byName }: Saga,
  name: string,
  tries: readonly RunNode[],
): readonly RunNode[] {
  const linked = tries.flatMap((action) =>
    tree.linkedFrom(action).filter(({ rel }) => rel === 'compensates'),
  );
  if (linked.length > 0) return linked.map(({ node }) => node);
  return byName.get(toWords(name).join(' ')) ?? [];
}

function toGapFinding(
  { action, tried, cause }: Gap,
  isTold: boolean,
  threshold: Threshold,
  { spentUnder }: DetectorInput,
): Finding {
  const name = nameOr(labelOf(action), 'An action');
  const isAction = typeOf(cause) === 'action';
  const failed = isAction ? nameOr(labelOf(cause), 'an action') : 'the saga as a whole';
  const error = tried.at(-1)?.span.errorType ?? '';
  return toFinding({
    kind: 'compensation_gap',
    variant: tried.length === 0 ? 'missing' : 'failed',
    severity: tried.length > 0 && isTold ? 'warning' : 'critical',
    subject: toName(labelOf(action)),
    sentence:
      tried.length === 0
        ? `${name} was done before ${failed} failed, and nobody took it back.`
        : `${name} was done before ${failed} failed, and taking it back failed ${toTimes(tried.length)}${error === '' ? '' : ` with ${toName(error)}`}${isTold ? '; somebody was told' : ''}.`,
    advice:
      tried.length === 0
        ? `Write down with ${name} how to take it back, before it is done, and do that for every action when a later one fails.`
        : `Make taking ${name} back safe to repeat and try it until it works, in a queue if need be; then see to what was left behind.`,
    nodes: [action, cause, ...tried],
    waste: tried.length === 0 ? noWaste : wasteOf(tried, spentUnder),
    threshold,
  });
}
