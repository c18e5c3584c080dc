/** How much later each of several branches could have ended without the run ending later. */
import type { BranchSlack } from '../../run.ts';
import type { RunNode, RunTree } from '../tree/run-tree.ts';

const most = 50;

/** Of siblings that ran at the same time, all but the one that ended last; widest first. */
export function findSlack({ nodes, roots }: RunTree): BranchSlack[] {
  const slack: BranchSlack[] = [];
  for (const siblings of [roots, ...nodes.map(({ children }) => children)]) {
    if (siblings.length > 1) addSlack(slack, siblings);
  }
  return slack.sort((a, b) => b.slackNs - a.slackNs || compare(a.spanId, b.spanId)).slice(0, most);
}

/** Siblings are in order of start: those that overlap form one bunch after the other. */
function addSlack(slack: BranchSlack[], siblings: readonly RunNode[]): void {
  let bunch: RunNode[] = [];
  let endNs = Number.NEGATIVE_INFINITY;
  const close = (): void => {
    for (const { span, endNs: ownEndNs } of bunch) {
      if (ownEndNs >= endNs) continue;
      const { traceId, spanId, name } = span;
      slack.push({ traceId, spanId, name, slackNs: endNs - ownEndNs });
    }
  };
  for (const node of siblings) {
    if (node.span.startNs >= endNs) {
      close();
      bunch = [];
    }
    bunch.push(node);
    endNs = Math.max(endNs, node.endNs);
  }
  close();
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
