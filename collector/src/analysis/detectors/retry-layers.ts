/** Tries of one thing, and tries within tries. */
import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { numberOf, textOf } from './siblings.ts';

export type RetryLayer = {
  /** The tries there are spans of, in order; the only span where a client tried again within it. */
  readonly tries: readonly RunNode[];
  readonly count: number;
};

/** How often the innermost thing was tried below a span, and through which layers, the outermost first. */
export type Tries = {
  readonly leaf: number;
  readonly layers: readonly RetryLayer[];
  /** Somewhere at or below it layers lie within each other, though perhaps not where most tries are. */
  readonly isNested: boolean;
};

const once: Tries = { leaf: 1, layers: [], isNested: false };

/** 1 = the first try, 0 = not a try. A client that sends a request again counts from the second sending on. */
export function attemptOf({ span }: RunNode): number {
  if (span.attempt > 0) return span.attempt;
  const resent = numberOf(span.attributes, 'http.request.resend_count') ?? 0;
  if (resent > 0) return resent + 1;
  return span.links.some(({ rel }) => rel === 'retries') ? 2 : 0;
}

export function wasRetried(node: RunNode): boolean {
  return attemptOf(node) > 1 || node.span.events.some(({ name }) => name === 'orchescope.retry');
}

/** Of every layer of tries, what is tried in all. Children before parents, whatever their depth. */
export function toTries(tree: RunTree): ReadonlyMap<RunNode, Tries> {
  const known = new Map<RunNode, Tries>();
  for (const node of bottomUp(tree)) known.set(node, triesBelow(node, known));
  return known;
}

/** Every span after all that lie below it. */
export function bottomUp(tree: RunTree): readonly RunNode[] {
  const order: RunNode[] = [];
  const open: RunNode[] = [...tree.roots];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    order.push(node);
    for (const child of node.children) open.push(child);
  }
  return order.reverse();
}

function triesBelow(node: RunNode, known: ReadonlyMap<RunNode, Tries>): Tries {
  const { children } = node;
  const count = retriesOf(node) + 1;
  // Most spans try nothing again, and are looked at no further.
  const isPlain = count === 1 && !children.some((child) => attemptOf(child) > 1);
  const most = isPlain
    ? mostOf(children.map((child) => known.get(child) ?? once))
    : mostOf(groupsOf(node).map((group) => triesOfGroup(group, known)));
  // A client that tried again within the span: a layer of its own, with no spans of its tries.
  if (count < 2 || most.leaf >= count) return most;
  return { leaf: count, layers: [{ tries: [node], count }], isNested: most.isNested };
}

function mostOf(all: readonly Tries[]): Tries {
  const most = all.reduce((most, tries) => (tries.leaf > most.leaf ? tries : most), once);
  const isNested = all.some((tries) => tries.isNested);
  return most.isNested === isNested ? most : { ...most, isNested };
}

/** Tries of one group: more than one of them must have tried again inside, else nothing was multiplied. */
export function triesOfGroup(group: readonly RunNode[], known: ReadonlyMap<RunNode, Tries>): Tries {
  const inner = group.map((node) => known.get(node) ?? once);
  const most = mostOf(inner);
  const count = group.reduce((count, node) => Math.max(count, attemptOf(node)), group.length);
  if (count < 2) return most;
  const own: RetryLayer = { tries: group, count };
  const again = inner.filter(({ leaf }) => leaf > 1).length;
  if (again < 2) return most.leaf > count ? most : { ...most, leaf: count, layers: [own] };
  const leaf = inner.reduce((sum, tries) => sum + tries.leaf, count - group.length);
  return { leaf, layers: [own, ...most.layers], isNested: true };
}

function retriesOf({ span: { events } }: RunNode): number {
  return events.filter(({ name }) => name === 'orchescope.retry').length;
}

/** What was tried directly below a span, each thing once, with all its tries. */
export function groupsOf(node: RunNode): readonly (readonly RunNode[])[] {
  const groups = groupTries(node.children);
  const count = retriesOf(node) + 1;
  if (count < 2 || groups.some((group) => group.some((child) => attemptOf(child) > 0)))
    return groups;
  // It says that it tried again, and its tries do not: as many equal spans as there were tries are they.
  const named = new Map<string, RunNode[]>();
  for (const child of node.children) {
    const known = named.get(toKey(child));
    if (known === undefined) named.set(toKey(child), [child]);
    else known.push(child);
  }
  const tries = [...named.values()].find((group) => group.length === count);
  if (tries === undefined) return groups;
  const all = new Set(tries);
  return [tries, ...groups.filter(([first]) => first !== undefined && !all.has(first))];
}

/** Siblings that are tries of one thing; every other span stands alone. A count that begins anew is another thing. */
export function groupTries(siblings: readonly RunNode[]): readonly (readonly RunNode[])[] {
  const groups: RunNode[][] = [];
  const open = new Map<string, { group: RunNode[]; last: number }>();
  for (const node of siblings) {
    const attempt = attemptOf(node);
    const known = open.get(toKey(node));
    if (known !== undefined && attempt > 1 && (attempt > known.last || isLinkedTry(node))) {
      known.group.push(node);
      known.last = Math.max(attempt, known.last);
      continue;
    }
    const group = [node];
    groups.push(group);
    open.set(toKey(node), { group, last: Math.max(1, attempt) });
  }
  return groups;
}

/** It does not count, and says that it tries again what another span tried. */
function isLinkedTry({ span: { attempt, links } }: RunNode): boolean {
  return attempt === 0 && links.some(({ rel }) => rel === 'retries');
}

/** `attempt 1` and `attempt 2` are one thing; `gpt-5` and `gpt-6` are two. */
function toKey({ span }: RunNode): string {
  const name = textOf(span.attributes, 'orchescope.name') || span.name;
  const plain = name.slice(0, 300).replace(/\b(attempt|try|retry)[\s_#-]*\d+$/i, '$1');
  return `${span.kind} ${plain}`;
}
