import type { Finding, Threshold } from '../../run.ts';
import type { RunNode } from '../tree/run-tree.ts';
import { defineDetector, type DetectorInput } from './detector.ts';
import { toResources, type Resource, type Write } from './resource-writes.ts';
import { hasFailed } from './siblings.ts';
import { nameOr, plural, toList, toTimes } from './text.ts';
import { toFinding } from './to-finding.ts';
import { noWaste, wasteOf } from './waste.ts';

export const conflictingWritesDetector = defineDetector({
  kind: 'conflicting_writes',
  thresholds: {
    writers: {
      default: 2,
      min: 2,
      max: 1000,
      unit: 'count',
      description: 'Different agents that wrote one resource, all from the same version of it.',
    },
    conflicts: {
      default: 1,
      min: 1,
      max: 100_000,
      unit: 'count',
      description:
        'Conflicts over one resource that were settled, or writes that were refused for one.',
    },
  },
  detect(input, { writers, conflicts }) {
    return toResources(input.tree).flatMap((resource) => {
      const told = resource.conflicts.length + resource.rejected.length;
      // Who settled a conflict knew of both writes: nothing was lost unseen.
      const lost = resource.conflicts.length > 0 ? [] : findLost(resource.writes, writers);
      if (lost.length > 0) return [toLostUpdate(resource, lost, writers)];
      return told >= conflicts ? [toConflict(resource, conflicts, input)] : [];
    });
  },
});

/** Writes that were made from one version by different agents; those of the version with most of them. */
function findLost(writes: readonly Write[], least: number): readonly Write[] {
  const byBase = Map.groupBy(writes, ({ base }) => base);
  byBase.delete(null);
  let most: readonly Write[] = [];
  for (const same of byBase.values()) {
    const agents = agentsOf(same).length;
    if (agents >= least && agents > agentsOf(most).length) most = same;
  }
  return most;
}

function agentsOf(writes: readonly Write[]): readonly string[] {
  return [...new Set(writes.map(({ agent }) => agent))].filter((agent) => agent !== '');
}

function toLostUpdate({ name }: Resource, writes: readonly Write[], writers: number): Finding {
  const agents = agentsOf(writes);
  const last = writes.at(-1)?.agent ?? '';
  const threshold: Threshold = { name: 'writers', value: writers, measured: agents.length };
  return toFinding({
    kind: 'conflicting_writes',
    variant: 'lost_update',
    severity: 'critical',
    subject: name,
    sentence: `${toList(agents)} each wrote ${nameOr(name, 'one resource')} from its version ${nameOr(writes[0]?.base ?? '', '?')}: the last write, by ${nameOr(last, 'one of them')}, took the place of the others.`,
    advice:
      'Refuse a write whose base is not the version that is there, and let the agent read again and merge; or let one agent alone write.',
    nodes: writes.map(({ node }) => node),
    waste: noWaste,
    threshold,
  });
}

function toConflict(resource: Resource, conflicts: number, input: DetectorInput): Finding {
  const { name, rejected, writes } = resource;
  const told = [...resource.conflicts, ...rejected];
  const isSettled = resource.conflicts.length > 0;
  const isWritten = rejected.every((node) => isWrittenLater(node, writes));
  return toFinding({
    kind: 'conflicting_writes',
    variant: isSettled ? 'settled' : 'refused',
    severity: isSettled || isWritten ? 'info' : 'warning',
    subject: name,
    sentence: `${sentenceOf(resource)}${isSettled ? '' : isWritten ? '; it was written later' : ', and not written later'}.`,
    advice:
      'Give each agent a part of its own to write, or let one after the other write; a version with every write is what keeps both.',
    nodes: told,
    // What was refused had been made for nothing.
    waste: rejected.length === 0 ? noWaste : wasteOf(rejected, input.spentUnder),
    threshold: { name: 'conflicts', value: conflicts, measured: told.length },
  });
}

function sentenceOf({ name, conflicts, rejected, agents }: Resource): string {
  const what = nameOr(name, 'one resource');
  const who =
    agents.length > 1
      ? `${toList(agents)} wrote at odds to ${what}`
      : `Writes to ${what} were at odds`;
  const parts = [
    ...(rejected.length === 0 ? [] : [`a write was refused ${toTimes(rejected.length)}`]),
    ...(conflicts.length === 0
      ? []
      : [`${plural(conflicts.length, 'conflict')} had to be settled`]),
  ];
  return `${who}: ${parts.join(' and ')}`;
}

function isWrittenLater(rejected: RunNode, writes: readonly Write[]): boolean {
  return writes.some(
    ({ node, agent }) => node.at > rejected.at && agent === rejected.agent && !hasFailed(node),
  );
}
