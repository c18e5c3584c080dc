/**
 * Runs of the held-out labelled runs (`<kind>/heldout.ts`), told like a log: what is called after each other, below
 * whom, and how long it took. Times and sizes vary as in real traffic, and are the same every time.
 */
import { digests } from '../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../src/run-spans.testing.ts';

export type Dialect =
  | 'orchescope'
  | 'openai-agents'
  | 'ai-sdk'
  | 'openinference'
  | 'pydantic-ai'
  | 'google-adk'
  | 'mastra'
  | 'crewai'
  | 'autogen'
  | 'openllmetry';

type Values = NonNullable<Sketch['attributes']>;
type SketchEvent = NonNullable<Sketch['events']>[number];
export type Fields = Partial<Omit<Sketch, 'id' | 'parent' | 'at' | 'until' | 'events'>> & {
  /** How long it takes where nothing happens inside. */
  readonly ms?: number;
  /** It never ends. */
  readonly open?: boolean;
};
type Draft = { -readonly [Key in keyof Sketch]: Sketch[Key] } & { events: SketchEvent[] };

type Book = {
  readonly dialect: Dialect;
  readonly drafts: Draft[];
  readonly count: () => number;
  /** Somewhere between 70 % and 130 % of it. */
  readonly vary: (mean: number) => number;
};

export type Ask = Fields & {
  readonly input?: number;
  readonly output?: number;
  /** Equal words, equal prompts; no two are equal unless told. `false` = no content is captured. */
  readonly prompt?: string | false;
  readonly answer?: string;
  readonly finish?: string;
};
export type Call = Fields & {
  readonly args?: string | false;
  readonly result?: string | false;
  readonly error?: string;
};
export type Round = Ask & {
  readonly tools?: readonly (readonly [name: string, call?: Call])[];
  readonly beside?: boolean;
};
type Body = (scope: Scope) => void;

/** A place in the tree, with a clock of its own that runs on with all that is told in it. */
export type Scope = {
  readonly id: string;
  readonly agentName: string;
  now: number;
  span(fields: Fields, body?: Body): string;
  agent(name: string, body: Body, fields?: Fields): string;
  step(name: string, body: Body, fields?: Fields): string;
  ask(ask?: Ask): string;
  tool(name: string, call?: Call, body?: Body): string;
  /** A question to a model, and the tools it asks for, in the spans of the dialect. */
  round(round?: Round): void;
  /** A model decides that somebody else should go on. */
  handTo(to: string, fields?: Fields & { readonly ask?: Ask | false }): string;
  event(name: string, attributes?: Values): void;
  /** All of them begin now, and it goes on when the last has ended. */
  beside(...bodies: readonly Body[]): void;
  idle(ms: number): void;
  /** Says more of the span one is in. */
  mark(fields: Fields): void;
};

/** One run below one root. */
export function tell(
  dialect: Dialect,
  workflow: string,
  body: Body,
  root: Fields = {},
): readonly Sketch[] {
  const fields: Fields = {
    kind: 'workflow',
    name: dialect === 'openinference' ? 'LangGraph' : `invoke_workflow ${workflow}`,
    workflowName: workflow,
    ...root,
  };
  return tellBare(dialect, (scope) => void scope.span(fields, body));
}

/** The same with no root, for agents that stand alone and for traces side by side. */
export function tellBare(dialect: Dialect, body: Body): readonly Sketch[] {
  let counted = 0;
  let seed = 41;
  const book: Book = {
    dialect,
    drafts: [],
    count: () => (counted += 1),
    vary: (mean) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.round(mean * (0.7 + (0.6 * seed) / 2147483648));
    },
  };
  body(openScope(book, undefined, '', 0));
  return book.drafts;
}

export const failed = (errorType: string, statusMessage = errorType): Fields => ({
  status: 'error',
  errorType,
  statusMessage,
});

function openScope(book: Book, owner: Draft | undefined, agentName: string, at: number): Scope {
  const scope: Scope = {
    id: owner?.id ?? '',
    agentName,
    now: at,
    span: ({ ms, open = false, ...fields }, body) => {
      const draft: Draft = {
        id: `${fields.traceId ?? owner?.traceId ?? 't'} ${book.count()}`,
        parent: owner?.id ?? '',
        at: scope.now,
        dialect: book.dialect === 'openai-agents' ? 'orchescope' : book.dialect,
        ...(owner?.traceId === undefined ? {} : { traceId: owner.traceId }),
        ...fields,
        events: [],
      };
      book.drafts.push(draft);
      const inner = openScope(book, draft, fields.agentName || agentName, scope.now);
      if (body === undefined) inner.now += ms ?? book.vary(40);
      else body(inner);
      scope.now = inner.now;
      draft.until = open ? null : inner.now;
      if (draft.status === 'error') draft.events.push(exception(draft, inner.now));
      return draft.id;
    },
    agent: (name, body, fields = {}) => {
      const self: Fields = {
        kind: 'agent',
        name: `invoke_agent ${name}`,
        agentName: name,
        ...fields,
      };
      if (book.dialect !== 'openinference') return scope.span(self, body);
      const { status, errorType, statusMessage } = { ...plain, ...fields };
      const node: Fields = { kind: 'step', name, status, errorType, statusMessage };
      return scope.span(node, (inner) => void inner.span(self, body));
    },
    step: (name, body, fields = {}) => scope.span({ kind: 'step', name, ...fields }, body),
    ask: (ask = {}) => scope.span(toModel(book, agentName, ask)),
    tool: (name, call = {}, body) => scope.span(toTool(book, agentName, name, call), body),
    round: ({ tools = [], beside = false, ...ask } = {}) => {
      const wrap = wraps[book.dialect] ?? {};
      const finish = tools.length > 0 ? 'tool_calls' : 'stop';
      const call: readonly Body[] = tools.map(
        ([name, made]) =>
          (inner) =>
            void inner.tool(name, made),
      );
      within(scope, wrap.turn, (turn) => {
        within(turn, wrap.model, (inner) => void inner.ask({ finish, ...ask }));
        if (tools.length === 0) return;
        within(turn, wrap.tools, (inner) => {
          if (beside) inner.beside(...call);
          else for (const made of call) made(inner);
        });
      });
    },
    handTo: (to, { ask = {}, ...fields } = {}) => {
      if (ask !== false) scope.ask({ output: 24, finish: 'tool_calls', ...ask });
      const tool = book.dialect === 'google-adk' ? { toolName: 'transfer_to_agent' } : {};
      return scope.span({
        kind: 'handoff',
        name: `handoff ${to}`,
        handoffFrom: agentName,
        handoffTo: to,
        ...tool,
        ms: 5,
        ...fields,
      });
    },
    event: (name, attributes = {}) => {
      owner?.events.push({ name: `orchescope.${name}`, at: scope.now, attributes });
    },
    beside: (...bodies) => {
      const began = scope.now;
      const ends = bodies.map((body) => {
        const inner = openScope(book, owner, agentName, began);
        body(inner);
        return inner.now;
      });
      scope.now = Math.max(began, ...ends);
    },
    idle: (ms) => {
      scope.now += ms;
    },
    mark: (fields) => {
      if (owner !== undefined) Object.assign(owner, fields);
    },
  };
  return scope;
}

const plain = { status: 'unset', errorType: '', statusMessage: '' } as const;

type Wraps = Partial<Record<'turn' | 'model' | 'tools', string>>;
const wraps: Partial<Record<Dialect, Wraps>> = {
  'openai-agents': { turn: 'turn' },
  'ai-sdk': { turn: 'step' },
  mastra: { turn: 'agent_step' },
  openinference: { model: 'model', tools: 'tools' },
  'pydantic-ai': { tools: 'running tools' },
};

function within(scope: Scope, name: string | undefined, body: Body): void {
  if (name === undefined) body(scope);
  else scope.step(name, body);
}

const namesAgents: readonly Dialect[] = [
  'orchescope',
  'openai-agents',
  'google-adk',
  'openinference',
];

function toModel(book: Book, agentName: string, ask: Ask): Fields {
  const { input = book.vary(1400), output = book.vary(70), prompt, answer, finish, ...rest } = ask;
  const n = book.count();
  const content = {
    system_instructions: `you are ${agentName}`,
    input_messages: prompt === false ? undefined : (prompt ?? `prompt ${n}`),
    output_messages: answer ?? `answer ${n}`,
  };
  return {
    kind: 'llm',
    name: 'chat gpt-5-mini',
    otelKind: 3,
    provider: 'openai',
    model: 'gpt-5-mini',
    agentName: namesAgents.includes(book.dialect) ? agentName : '',
    inputTokens: input,
    outputTokens: output,
    costTrillionths: BigInt(input) * 250_000n + BigInt(output) * 2_000_000n,
    finishReasons: finish === undefined ? [] : [finish],
    digests: prompt === false ? [] : digests(content),
    ms: book.vary(1100),
    ...rest,
  };
}

function toTool(book: Book, agentName: string, name: string, call: Call): Fields {
  const { args, result, error, ...rest } = call;
  const n = book.count();
  return {
    kind: 'tool',
    name: `execute_tool ${name}`,
    toolName: name,
    toolCallId: `call_${n}`,
    agentName: namesAgents.includes(book.dialect) ? agentName : '',
    digests: digests({
      tool_arguments: args === false ? undefined : (args ?? `arguments ${n}`),
      tool_result: result === false || error !== undefined ? undefined : (result ?? `result ${n}`),
    }),
    ms: book.vary(260),
    ...(error === undefined ? {} : failed(error)),
    ...rest,
  };
}

function exception({ errorType = '', statusMessage = '' }: Draft, at: number): SketchEvent {
  const attributes = { 'exception.type': errorType, 'exception.message': statusMessage };
  return { name: 'exception', at, attributes };
}

/** Somebody who does honest work: other tools and other answers each time. */
export function work(
  name: string,
  {
    rounds = 4,
    tools = ['search', 'fetch_page'],
  }: { rounds?: number; tools?: readonly string[] } = {},
): Body {
  return (scope) =>
    void scope.agent(name, (agent) => {
      for (let n = 0; n < rounds; n += 1) {
        agent.round({ input: 900 + 150 * n, tools: [[tools[n % tools.length] ?? 'search']] });
      }
      agent.round({ output: 420 });
    });
}

/** Each says who is next, and does nothing. */
export function passRound(scope: Scope, names: readonly string[], hops: number): void {
  repeat(hops, (n) => {
    const next = names[(n + 1) % names.length] ?? '';
    scope.agent(names[n % names.length] ?? '', (agent) => void agent.handTo(next));
  });
}

/** A supervisor in LangGraph: experts answer, and the framework gives the work back by itself. */
export function handedBack(): readonly Sketch[] {
  const back = { ask: false, toolName: 'transfer_back_to_supervisor' } as const;
  return tell('openinference', 'team', (run) => {
    for (const name of ['maths', 'search', 'law']) {
      run.agent('supervisor', (agent) => void agent.handTo(name));
      run.agent(name, (agent) => {
        agent.ask({ output: 40, finish: 'stop' });
        agent.handTo('supervisor', { ...back, name: back.toolName });
      });
    }
    work('supervisor', { rounds: 3 })(run);
  });
}

export function repeat(count: number, make: (n: number) => void): void {
  for (let n = 0; n < count; n += 1) make(n);
}

export function each<T>(count: number, make: (n: number) => T): readonly T[] {
  return Array.from({ length: count }, (_, n) => make(n));
}
