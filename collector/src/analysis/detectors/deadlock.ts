import type { Finding } from '../../run.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { wasCancelled } from '../run/span-facts.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { toSignature } from './rounds.ts';
import { hasFailed } from './siblings.ts';
import { nameOr, toDuration, toName, toTimes } from './text.ts';
import { toFinding } from './to-finding.ts';

/** Longer circles are not looked for, nor more than so many waits on the way: that bounds the work on hostile runs. */
const longestCircle = 16;
const mostVisited = 64;

type Wait = {
  readonly node: RunNode;
  readonly waiter: string;
  readonly targets: readonly string[];
};

/** Waits that all lasted from `fromNs` until `untilNs`, each for the agent of the next, the last for that of the first. */
type Circle = {
  readonly waits: readonly Wait[];
  readonly fromNs: number;
  readonly untilNs: number;
  readonly isOpen: boolean;
};

export const deadlockDetector = defineDetector({
  kind: 'deadlock',
  thresholds: {
    waitMs: {
      default: 5,
      min: 1,
      max: 86_400_000,
      unit: 'ms',
      description:
        'Time in which every agent of the circle waited for the next, until the first gave up.',
    },
  },
  detect(input, { waitMs }) {
    const circles = toCircles(input.tree, input.nowNs).filter(
      ({ fromNs, untilNs }) => untilNs - fromNs >= waitMs * 1e6,
    );
    return [...Map.groupBy(circles, toSubject).entries()].map(([subject, same]) =>
      toDeadlock(subject, same, waitMs, input),
    );
  },
});

const toSubject = ({ waits }: Circle): string => toSignature(waits.map(({ waiter }) => waiter));

/** The last wait to begin closes the circle. */
function toCircles(tree: RunTree, nowNs: number): readonly Circle[] {
  const circles: Circle[] = [];
  const active = new Map<string, Wait[]>();
  for (const node of tree.nodes) {
    const wait = toWait(node);
    if (wait === null) continue;
    const path = findPath(wait, active, node.span.startNs);
    const circle = path === null ? null : toCircle([wait, ...path], nowNs);
    if (circle !== null) circles.push(circle);
    const others = active.get(wait.waiter) ?? [];
    active.set(
      wait.waiter,
      [...others.filter(isStill(node.span.startNs)), wait].slice(-longestCircle),
    );
  }
  return circles;
}

function toWait(node: RunNode): Wait | null {
  const told = node.span.attributes.get('orchescope.wait.for');
  const names: readonly unknown[] = Array.isArray(told) ? told : [told];
  const targets = names.filter((name) => typeof name === 'string' && name !== '') as string[];
  const waiter = node.span.agentName || node.agent;
  return waiter === '' || targets.length === 0 ? null : { node, waiter, targets };
}

const isStill =
  (ns: number) =>
  ({ node: { span } }: Wait): boolean =>
    span.endNs === null || span.endNs > ns;

/** From those that it waits for back to the one who waits; the shortest, null when there is none. */
function findPath(
  { waiter, targets }: Wait,
  active: ReadonlyMap<string, readonly Wait[]>,
  ns: number,
): readonly Wait[] | null {
  const seen = new Set(targets);
  let visited = 0;
  let level = targets.map((name) => ({ name, path: [] as readonly Wait[] }));
  for (let depth = 1; depth < longestCircle && level.length > 0; depth += 1) {
    const next: typeof level = [];
    for (const { name, path } of level) {
      for (const wait of active.get(name) ?? []) {
        if (!isStill(ns)(wait)) continue;
        visited += 1;
        if (visited > mostVisited) return null;
        const longer = [...path, wait];
        if (wait.targets.includes(waiter)) return longer;
        for (const target of wait.targets.slice(0, longestCircle)) {
          if (seen.has(target)) continue;
          seen.add(target);
          next.push({ name: target, path: longer });
        }
      }
    }
    level = next;
  }
  return null;
}

/** null when the first of them to end got what it had waited for: then it was no deadlock. */
function toCircle(waits: readonly Wait[], nowNs: number): Circle | null {
  const [first] = waits
    .map(({ node }) => node)
    .toSorted((a, b) => (a.span.endNs ?? Infinity) - (b.span.endNs ?? Infinity));
  if (first === undefined) return null;
  const isOpen = first.span.endNs === null;
  if (!isOpen && !hasFailed(first) && !wasCancelled(first.span)) return null;
  const fromNs = Math.max(...waits.map(({ node }) => node.span.startNs));
  return { waits, fromNs, untilNs: first.span.endNs ?? nowNs, isOpen };
}

function toDeadlock(
  subject: string,
  circles: readonly Circle[],
  waitMs: number,
  { run }: DetectorInput,
): Finding {
  const ms = circles.reduce((sum, { fromNs, untilNs }) => sum + untilNs - fromNs, 0) / 1e6;
  const names = circles[0]?.waits.map(({ waiter }) => nameOr(waiter, 'an agent')) ?? [];
  const isOpen = circles.some((circle) => circle.isOpen);
  const times = circles.length === 1 ? '' : ` ${toTimes(circles.length)},`;
  return toFinding({
    kind: 'deadlock',
    severity: isOpen || run.status === 'failed' ? 'critical' : 'warning',
    subject,
    sentence: `${chainOf(names)}:${times} nobody could go on ${isOpen ? 'since' : 'for'} ${toDuration(ms)}${isOpen ? ', and they still wait' : ''}.`,
    advice: `Let one of them begin without an answer: give ${names[0] ?? 'one agent'} what it needs at the start, or order who asks whom, and put a deadline on every wait.`,
    nodes: circles.flatMap(({ waits }) => waits.map(({ node }) => node)),
    waste: { ms, tokens: null, costTrillionths: null },
    threshold: { name: 'waitMs', value: waitMs, measured: ms },
  });
}

/** `writer waited for researcher, which waited for writer`. */
function chainOf(names: readonly string[]): string {
  const [first = '', ...rest] = names.map(toName);
  return rest.length === 0
    ? `${first} waited for itself`
    : `${first} waited for ${[...rest, first].join(', which waited for ')}`;
}
