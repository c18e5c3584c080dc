/** Agents that read and write what they share. */
import { underWorkflow } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

export type Access = {
  readonly who: string;
  readonly does: 'read' | 'write' | 'conflict' | 'rejected';
  readonly version?: number | string;
  readonly basedOn?: number | string;
  readonly what?: string;
  readonly rest?: Partial<Sketch>;
};

/** One after the other, each in a call of a tool by its agent. */
export function accesses(list: readonly Access[], resource = 'plan'): readonly Sketch[] {
  const agents = [...new Set(list.map(({ who }) => who))];
  const end = 100 * list.length + 100;
  return underWorkflow('launch', [
    ...agents.map((agentName): Sketch => ({ id: `agent ${agentName}`, kind: 'agent', agentName, until: end })),
    ...list.map(({ who, does, version, basedOn, what = resource, rest }, n): Sketch => ({
      id: `call ${n}`,
      parent: `agent ${who}`,
      kind: 'tool',
      toolName: `${does}_plan`,
      agentName: who,
      at: 100 * n + 10,
      until: 100 * n + 90,
      ...(does === 'rejected' ? { status: 'error' as const, errorType: 'version_conflict' } : {}),
      ...rest,
      events: [{ name: `orchescope.${does}`, at: 100 * n + 50, attributes: toAttributes({ who, does, what, version, basedOn }) }],
    })),
  ]);
}

function toAttributes({ who, does, what, version, basedOn }: { who: string; does: string; what: string; version: number | string | undefined; basedOn: number | string | undefined }) {
  if (does === 'rejected') return { 'orchescope.rejected.by': 'conflict', 'orchescope.rejected.target': what };
  return {
    'orchescope.resource.name': what,
    ...(who === '' ? {} : { 'gen_ai.agent.name': who }),
    ...(version === undefined ? {} : { 'orchescope.resource.version': version }),
    ...(basedOn === undefined ? {} : { 'orchescope.resource.base_version': basedOn }),
  };
}
