/** Skeleton in, waterfall out: the whole arithmetic of a trace, without a browser. */
import type { TraceSkeleton } from 'orchescope/contract';
import { toVisibleText } from '../../../ui/visible-text.ts';
import { buildTree } from './build-tree.ts';
import type { Tree } from './build-tree.ts';
import { bytesByNode, floatsByNode } from './by-node.ts';
import { findCriticalPath } from './critical-path.ts';
import { findFolds } from './folds.ts';
import { findIdleGaps } from './idle-gaps.ts';
import { findFirstError, markAncestors, markCostly, markSlow, selfTimes } from './measure.ts';
import { readCosts, readKinds, readMarks, readTokens } from './read-columns.ts';
import { readEvents, readTargets } from './read-links.ts';
import { markSkew, readExtent, readTimes, runningEnd } from './read-times.ts';
import { foldTypes, marks } from './trace-layout.ts';
import type { LoadedTrace, TraceFacts, TraceLayout } from './trace-layout.ts';

/** `nowMs` since the epoch, when the skeleton was read. */
export function layoutTrace(skeleton: TraceSkeleton, nowMs: number): LoadedTrace {
  const { columns, omitted } = skeleton;
  const tree = buildTree(columns.parent, columns.start, omitted.parent);
  const nowNs = runningEnd(skeleton, nowMs);
  const values = readMarks(skeleton, tree);
  const times = readTimes(skeleton, tree, nowNs);
  const column = (source: readonly number[], missing: number): Int32Array =>
    tree.row.map((row) => source[row] ?? missing);
  const own = {
    name: column(columns.name, -1),
    kind: readKinds(skeleton.kinds, columns.kind, tree),
    attempt: column(columns.attempt, 0),
    loopIteration: column(columns.loopIteration, 0),
    costMicroUsd: readCosts(skeleton, tree),
    marks: values,
  };
  markSkew(tree, times, values);
  markAncestors(tree, values, marks.error | marks.errorWithin, marks.errorWithin);
  markSlow(own.name, own.kind, times, values);
  markCostly(own.costMicroUsd, values);
  const extent = readExtent(tree, times, values);
  const criticalPath = findCriticalPath(tree, times, own.kind, values);
  const folds = findFolds(tree, { ...own, ...times });
  const layout: TraceLayout = {
    count: tree.count,
    row: tree.row,
    type: tree.type,
    parent: tree.parent,
    depth: tree.depth,
    subtreeEnd: tree.subtreeEnd,
    nodeOfRow: tree.nodeOfRow,
    ...times,
    ...own,
    self: withOmitted(selfTimes(tree, times), tree, omitted.durationNs),
    status: bytesByNode(tree.row, (row) => columns.status[row] ?? 0),
    agent: column(columns.agent, -1),
    model: column(columns.model, -1),
    service: column(columns.service, -1),
    errorType: column(columns.errorType, -1),
    tokens: readTokens(skeleton, tree),
    attempts: countAttempts(folds, own.attempt),
    omittedCount: floatsByNode(tree.omission, (index) => omitted.count[index] ?? 0),
    target: readTargets(skeleton, tree),
    folds,
    events: readEvents(skeleton, tree),
    criticalPath,
    idle: findIdleGaps(tree, times, values, extent),
    extentStart: extent.start,
    extentEnd: extent.end,
    nowNs,
    firstError: findFirstError(tree, times, values),
    maxDepth: tree.depth.reduce((max, depth) => Math.max(max, depth), 0),
  };
  return { facts: readFacts(skeleton, layout), layout };
}

/** What was left out has no bar of its own; its time in all stands where others keep their self time. */
function withOmitted(
  self: Float64Array,
  { omission }: Tree,
  durationNs: readonly number[],
): Float64Array {
  return self.map((own, node) =>
    (omission[node] ?? -1) < 0 ? own : (durationNs[omission[node] ?? -1] ?? 0),
  );
}

function countAttempts(folds: TraceLayout['folds'], attempt: Int32Array): Int32Array {
  return attempt.map((own, node) => {
    const fold = folds.ofNode[node] ?? -1;
    return fold >= 0 && own > 0 && folds.type[fold] === foldTypes.attempts
      ? (folds.members[fold] ?? 0)
      : 0;
  });
}

function readFacts(skeleton: TraceSkeleton, layout: TraceLayout): TraceFacts {
  const { columns } = skeleton;
  // Once for the dictionary, so that no row, label or tooltip can forget it.
  const strings = skeleton.strings.map(toVisibleText);
  const top = layout.row.find((row) => row >= 0) ?? -1;
  return {
    traceId: skeleton.traceId,
    projectId: skeleton.projectId,
    startTimeUnixNano: skeleton.startTimeUnixNano,
    endTimeUnixNano: skeleton.endTimeUnixNano,
    kinds: skeleton.kinds,
    strings,
    spanIds: skeleton.spanIds,
    totals: skeleton.totals,
    notices: skeleton.notices,
    name: strings[columns.name[top] ?? -1] ?? '',
    durationNs: layout.extentEnd - layout.extentStart,
    running: layout.marks.some((value) => (value & marks.running) !== 0),
  };
}
