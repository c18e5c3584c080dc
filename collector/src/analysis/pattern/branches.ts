/** Agents and steps beside and after one another. */
import { orchescope } from '@orchescope/sdk/attributes';
import { mostAtOnce } from '../tree/most-at-once.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';

export type Branches = {
  /** Branches of agents or steps that ran at once, most of any parent. */
  readonly widest: number;
  /** Different agents or steps below one parent, none beside another, most of any parent. */
  readonly stages: number;
  /** A stage that comes again between all others, and how many different ones it is followed by. */
  readonly hub: string;
  readonly spokes: number;
};

export function findBranches({ nodes, roots }: RunTree): Branches {
  let [widest, stages] = [0, 0];
  let hub: Hub = { hub: '', spokes: 0 };
  for (const siblings of [roots, ...nodes.map(({ children }) => children)]) {
    const branches = siblings.length < 2 ? [] : siblings.filter(isBranch);
    if (branches.length < 2) continue;
    const most = mostAtOnce(branches);
    widest = Math.max(widest, most);
    if (most > 1) continue;
    const names = branches.map(nameOf);
    stages = Math.max(stages, new Set(names).size);
    const found = findHub(names);
    if (found.spokes > hub.spokes) hub = found;
  }
  return { widest, stages, ...hub };
}

type Hub = Pick<Branches, 'hub' | 'spokes'>;

const branchTypes: ReadonlySet<unknown> = new Set(['branch', 'task', 'node']);

/** Within an agent steps are how it works, turn by turn, unless their sender says that they are more. */
function isBranch({ span, parent }: RunNode): boolean {
  if (span.kind === 'agent') return span.rawKind !== 'create_agent';
  if (span.kind !== 'step' || isPlumbing(span.name)) return false;
  const isOutside = parent === null || parent.agentNode === null;
  return isOutside || branchTypes.has(span.attributes.get(orchescope.stepType));
}

/** What graphs do of themselves, and the node in which they run tools. */
function isPlumbing(name: string): boolean {
  return /^(?:__start__|__end__|tools|running tools|Runnable[A-Za-z]*)$/.test(name);
}

function findHub(names: readonly string[]): Hub {
  const [hub = ''] = names;
  const visits = names.filter((name) => name === hub).length;
  const spokes = new Set(names.filter((name, n) => name !== hub && names[n - 1] === hub)).size;
  const isHub = visits > 2 && names.at(-1) === hub && spokes > 1;
  return isHub ? { hub, spokes } : { hub: '', spokes: 0 };
}

function nameOf({ span }: RunNode): string {
  const own = span.attributes.get(orchescope.name);
  return span.agentName || (typeof own === 'string' && own !== '' ? own : span.name);
}
