import type { RunNode, RunTree } from '../tree/run-tree.ts';
import { nameAgent } from './agent-calls.ts';

/** What a sender calls it, else its manager, else the agent that the run begins with; empty for calls of models alone. */
export function nameWorkflow(
  { nodes }: RunTree,
  main: RunNode | undefined,
  agentCalls: readonly RunNode[],
): string {
  const told = [...(main === undefined ? [] : [main]), ...nodes];
  const named = told.find(({ span }) => span.workflowName !== '');
  if (named !== undefined) return named.span.workflowName;
  const [agent] = main?.span.kind === 'agent' ? [main] : agentCalls;
  return nameTeam(nodes) || (agent === undefined ? '' : nameAgent(agent));
}

/** AutoGen has no span of a team: the first message of a run goes to its manager, `<class>_<id>.(<id>)-A`. */
const manager = /^autogen create (\w+?)_[\da-f-]{8,36}\./;

function nameTeam(nodes: readonly RunNode[]): string {
  const first = nodes.find(({ span }) => span.dialect === 'autogen' && manager.test(span.name));
  return first === undefined ? '' : (manager.exec(first.span.name)?.[1] ?? '');
}
