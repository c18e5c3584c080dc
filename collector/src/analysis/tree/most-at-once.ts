import type { RunNode } from './run-tree.ts';

/** How many of them were at work at the same time; touching is not overlapping. */
export function mostAtOnce(nodes: readonly RunNode[]): number {
  const marks = nodes
    .flatMap(({ span, endNs }) => [
      [span.startNs, 1] as const,
      [Math.max(endNs, span.startNs), -1] as const,
    ])
    .sort(([a, up], [b, other]) => a - b || up - other);
  let [now, most] = [0, 0];
  for (const [, step] of marks) {
    now += step;
    most = Math.max(most, now);
  }
  return most;
}
