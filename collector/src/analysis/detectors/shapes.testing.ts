/**
 * One story as several frameworks tell it: who calls whom, in which spans, with which names. The trees are those of the
 * recordings in `testdata/otlp`. For corpora of findings; times are milliseconds.
 */
import { toTestHash, type Sketch } from '../../run-spans.testing.ts';
import type { ContentDigest } from '../../run-span.ts';
import type { ContentSlot } from '../../span.ts';

/** A call of a tool: its answer is `result`, or the error it failed with. */
export type ToolStory = {
  readonly tool: string;
  readonly args?: string;
  readonly result?: string;
  readonly error?: string;
  readonly ms?: number;
};

/** One question to a model and the tools it then asks for, one after the other unless `beside`. */
export type TurnStory = {
  readonly input?: number;
  readonly output?: number;
  readonly ms?: number;
  /** Content of the question; equal ones are equal prompts. */
  readonly prompt?: string;
  /** USD, in millionths. */
  readonly cost?: number;
  readonly tools?: readonly ToolStory[];
  readonly beside?: boolean;
  /** Nothing happens for so long before the turn. */
  readonly idleMs?: number;
};

export type AgentStory = {
  readonly agent: string;
  readonly turns: readonly TurnStory[];
  /** When it begins. */
  readonly at?: number;
  /** Set apart several agents in one run. */
  readonly id?: string;
  readonly parent?: string;
};

export const dialects = [
  'orchescope',
  'ai-sdk',
  'openai-agents',
  'openinference',
  'pydantic-ai',
  'google-adk',
  'mastra',
  'crewai',
  'semantic-kernel',
  'strands',
] as const;
export type Dialect = (typeof dialects)[number];

/** Content as digests: equal text, equal digest. */
export function digests(
  content: Partial<Record<ContentSlot, string | undefined>>,
): ContentDigest[] {
  return Object.entries(content).flatMap(([slot, text]) =>
    text === undefined ? [] : [{ slot: slot as ContentSlot, hash: toTestHash(text) }],
  );
}

type Clock = { now: number };

/** The spans of one agent at work; its last span ends when the agent does. */
export function tellAgent(dialect: Dialect, story: AgentStory): readonly Sketch[] {
  const { agent, turns, at = 0, id = agent, parent = '' } = story;
  const clock: Clock = { now: at };
  const { root, agentId, wraps } = openAgent(dialect, { agent, id, parent, at });
  const inner = turns.flatMap((turn, index) =>
    tellTurn(dialect, turn, { agent, id: `${id} ${index}`, parent: agentId, clock, index }),
  );
  const ending = (span: Sketch): Sketch => ({ ...span, until: clock.now });
  return [...[...root, ...wraps].map(ending), ...inner];
}

/** The outer spans: what of them is the agent, and below what its turns stand. */
function openAgent(
  dialect: Dialect,
  { agent, id, parent, at }: { agent: string; id: string; parent: string; at: number },
): { root: readonly Sketch[]; agentId: string; wraps: readonly Sketch[] } {
  const agentSpan = (above: string): Sketch => ({
    id,
    parent: above,
    at,
    kind: 'agent',
    agentName: agent,
    name: `invoke_agent ${agent}`,
    dialect,
  });
  const above = `${id} workflow`;
  const workflow: Sketch = { id: above, parent, at, kind: 'workflow', name: 'workflow', dialect };
  if (dialect === 'openinference') {
    // LangGraph names nodes, and no agents.
    return { root: [{ ...workflow, name: 'LangGraph' }], agentId: above, wraps: [] };
  }
  if (dialect === 'mastra') {
    const generation: Sketch = {
      id: `${id} gen`,
      parent: id,
      at,
      kind: 'step',
      name: 'model_generation',
      dialect,
    };
    return { root: [agentSpan(parent)], agentId: `${id} gen`, wraps: [generation] };
  }
  if (dialect === 'semantic-kernel') {
    const loop: Sketch = {
      id: `${id} loop`,
      parent: id,
      at,
      kind: 'step',
      name: 'AutoFunctionInvocationLoop',
      dialect,
    };
    return { root: [agentSpan(parent)], agentId: `${id} loop`, wraps: [loop] };
  }
  if (dialect === 'openai-agents' || dialect === 'google-adk' || dialect === 'crewai') {
    return { root: [workflow, agentSpan(above)], agentId: id, wraps: [] };
  }
  return { root: [agentSpan(parent)], agentId: id, wraps: [] };
}

type Place = { agent: string; id: string; parent: string; clock: Clock; index: number };

/** Where the model call and the calls of tools of one turn stand. */
function tellTurn(dialect: Dialect, turn: TurnStory, place: Place): readonly Sketch[] {
  const { clock, id, index, agent } = place;
  clock.now += turn.idleMs ?? 0;
  const at = clock.now;
  const stepName = stepNames[dialect];
  if (stepName !== undefined) {
    const step: Sketch = {
      id,
      parent: place.parent,
      at,
      kind: 'step',
      name: stepName,
      dialect,
      stepIndex: index,
    };
    const inner = [
      tellModel(dialect, turn, { ...place, parent: id }),
      ...tellTools(dialect, turn, { ...place, parent: id }),
    ];
    return [{ ...step, until: clock.now }, ...inner];
  }
  if (dialect === 'openinference' || dialect === 'pydantic-ai') {
    const named = dialect === 'openinference';
    const model = tellModel(dialect, turn, {
      ...place,
      parent: named ? `${id} node` : place.parent,
    });
    const nodeUntil = clock.now;
    const toolsAt = clock.now;
    const tools = tellTools(dialect, turn, { ...place, parent: `${id} tools` });
    const name = named ? 'tools' : 'running tools';
    const toolNode: Sketch = {
      id: `${id} tools`,
      parent: place.parent,
      at: toolsAt,
      until: clock.now,
      kind: 'step',
      name,
      dialect,
    };
    const modelNode: Sketch = {
      id: `${id} node`,
      parent: place.parent,
      at,
      until: nodeUntil,
      kind: 'step',
      name: agent,
      dialect,
    };
    return [
      ...(named ? [modelNode] : []),
      model,
      ...(tools.length > 0 ? [toolNode, ...tools] : []),
    ];
  }
  return [tellModel(dialect, turn, place), ...tellTools(dialect, turn, place)];
}

const stepNames: Partial<Record<Dialect, string>> = {
  'ai-sdk': 'step',
  'openai-agents': 'turn',
  mastra: 'agent_step',
  strands: 'execute_event_loop_cycle',
};

function tellModel(dialect: Dialect, turn: TurnStory, { agent, id, parent, clock }: Place): Sketch {
  const at = clock.now;
  clock.now += turn.ms ?? 800;
  return {
    id: `${id} llm`,
    parent,
    at,
    until: clock.now,
    kind: 'llm',
    name: 'chat gpt-5-mini',
    model: 'gpt-5-mini',
    agentName: dialect === 'orchescope' || dialect === 'google-adk' ? agent : '',
    dialect,
    inputTokens: turn.input ?? 300,
    outputTokens: turn.output ?? 20,
    costTrillionths: turn.cost === undefined ? null : BigInt(turn.cost) * 1_000_000n,
    digests: digests({ input_messages: turn.prompt }),
  };
}

function tellTools(
  dialect: Dialect,
  { tools = [], beside = false }: TurnStory,
  { agent, id, parent, clock }: Place,
): readonly Sketch[] {
  const began = clock.now;
  let latest = began;
  const spans = tools.map((call, index): Sketch => {
    const at = beside ? began : clock.now;
    const until = at + (call.ms ?? 200);
    latest = Math.max(latest, until);
    clock.now = beside ? began : until;
    return {
      id: `${id} tool ${index}`,
      parent,
      at,
      until,
      kind: 'tool',
      name: `execute_tool ${call.tool}`,
      toolName: call.tool,
      agentName: dialect === 'orchescope' || dialect === 'google-adk' ? agent : '',
      dialect,
      ...(call.error === undefined
        ? {}
        : { status: 'error' as const, errorType: call.error, statusMessage: call.error }),
      digests: digests({ tool_arguments: call.args, tool_result: call.result }),
    };
  });
  clock.now = latest;
  return spans;
}

/** The same turn again and again. */
export function times<T>(count: number, make: (index: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Spans of other dialects beside each other below one root. */
export function underWorkflow(
  name: string,
  spans: readonly Sketch[],
  root: Partial<Sketch> = {},
): readonly Sketch[] {
  const until = spans.reduce((last, span) => Math.max(last, span.until ?? (span.at ?? 0) + 1), 0);
  const id = 'root';
  return [
    { kind: 'workflow', name, workflowName: name, until, ...root, id },
    ...spans.map((span) =>
      span.parent === undefined || span.parent === '' ? { ...span, parent: id } : span,
    ),
  ];
}
