/** Agents that give work to each other, one inside of the other or side by side. */
import type { Sketch } from '../../../src/run-spans.testing.ts';

export type AgentStory = {
  readonly agent: string;
  readonly tokens?: number | null;
  readonly input?: number | null;
  /** Model calls; one unless told. */
  readonly calls?: number;
  readonly tools?: readonly string[];
  readonly gives?: readonly AgentStory[];
  /** Through which kind of span: a tool, or none. */
  readonly through?: 'tool' | 'step';
};

export function delegation(story: AgentStory, dialect = 'orchescope', root: Partial<Sketch> = {}): readonly Sketch[] {
  const clock = { now: 10 };
  const spans = tell(story, 'root', clock, 'a');
  return [{ id: 'root', kind: 'workflow' as const, name: 'desk', workflowName: 'desk', until: clock.now + 10, ...root }, ...spans].map((span) => ({ ...span, dialect }));
}

function tell({ agent, tokens = 15, input = 200, calls = 1, tools = [], gives = [], through }: AgentStory, parent: string, clock: { now: number }, id: string): readonly Sketch[] {
  const at = clock.now;
  const spend = (ms: number): { readonly at: number; readonly until: number } => {
    clock.now += ms;
    return { at: clock.now - ms, until: clock.now };
  };
  const own: Sketch[] = Array.from({ length: calls }, (_, n) => ({ id: `${id} llm ${n}`, parent: id, kind: 'llm', model: 'gpt-5-mini', inputTokens: input, outputTokens: tokens, ...spend(500) }));
  const called: Sketch[] = tools.map((toolName, n) => ({ id: `${id} tool ${n}`, parent: id, kind: 'tool', toolName, ...spend(200) }));
  const given = gives.flatMap((inner, n): readonly Sketch[] => {
    const begin = clock.now;
    const holder = `${id} give ${n}`;
    const spans = tell(inner, through === undefined ? id : holder, clock, `${id}${n}`);
    return through === undefined ? spans : [{ id: holder, parent: id, kind: through, ...(through === 'tool' ? { toolName: `ask_${inner.agent}` } : { name: 'step delegate' }), at: begin, until: clock.now }, ...spans];
  });
  return [{ id, parent, kind: 'agent', agentName: agent, at, until: clock.now + 1 }, ...own, ...called, ...given];
}

/** Each gives the work to the next, and the last one does it. */
export function chainOf(names: readonly string[], last: Partial<AgentStory> = { tools: ['work'] }, each: Partial<AgentStory> = {}): AgentStory {
  const [agent = '', ...rest] = names;
  return rest.length === 0 ? { agent, ...last } : { agent, ...each, gives: [chainOf(rest, last, each)] };
}
