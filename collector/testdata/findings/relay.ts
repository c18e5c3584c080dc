/** Work that goes from agent to agent, as several frameworks tell of it. */
import { underWorkflow } from '../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../src/run-spans.testing.ts';

/** Where the handoff stands: beside the agents, in a turn of the one, or around the other. */
export type RelayShape = 'beside' | 'turns' | 'nested';

export type RelayOptions = {
  readonly shape?: RelayShape;
  /** What the answer of an agent is long, by its place; null = not told. */
  readonly tokens?: (place: number) => number | null;
  /** A tool that it calls. */
  readonly tool?: (place: number) => string;
  readonly finish?: string;
  readonly pattern?: string;
  readonly dialect?: string;
  readonly handoff?: (place: number) => Partial<Sketch>;
};

/** The first of the path starts, and each hands over to the next. */
export function relay(path: readonly string[], options: RelayOptions = {}): readonly Sketch[] {
  const { pattern = '', dialect = 'orchescope' } = options;
  const spans = path.flatMap((agent, place) => tellPlace(path, agent, place, options));
  const attributes = pattern === '' ? {} : { 'orchescope.workflow.pattern': pattern };
  const told = spans.map((span): Sketch => ({ ...span, dialect }));
  return underWorkflow('help desk', told, { attributes, dialect });
}

function tellPlace(
  path: readonly string[],
  agent: string,
  place: number,
  { shape = 'beside', tokens = () => 12, tool = () => '', finish, handoff = () => ({}) }: RelayOptions,
): readonly Sketch[] {
  const at = 1000 * place;
  const end = 1000 * path.length;
  const to = path[place + 1];
  const id = `agent ${place}`;
  const within = shape === 'turns' ? `turn ${place}` : id;
  const above = shape === 'nested' && place > 0 ? `handoff ${place - 1}` : 'root';
  const name = tool(place);
  return [
    { id, parent: above, kind: 'agent', agentName: agent, name: `invoke_agent ${agent}`, at, until: shape === 'nested' ? end : at + 900 },
    ...(shape === 'turns' ? [{ id: within, parent: id, kind: 'step' as const, name: 'turn', at, until: at + 890 }] : []),
    {
      id: `llm ${place}`,
      parent: within,
      kind: 'llm',
      model: 'gpt-5-mini',
      at,
      until: at + 600,
      inputTokens: 400,
      outputTokens: tokens(place),
      ...(finish === undefined ? {} : { finishReasons: [finish] }),
    },
    ...(name === '' ? [] : [{ id: `tool ${place}`, parent: within, kind: 'tool' as const, toolName: name, name: `execute_tool ${name}`, at: at + 600, until: at + 800 }]),
    ...(to === undefined
      ? []
      : [
          {
            id: `handoff ${place}`,
            parent: shape === 'beside' ? 'root' : within,
            kind: 'handoff' as const,
            name: `handoff ${to}`,
            handoffFrom: agent,
            handoffTo: to,
            at: at + 850,
            until: shape === 'nested' ? end : at + 870,
            ...handoff(place),
          },
        ]),
  ];
}
