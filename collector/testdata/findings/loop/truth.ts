import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import {
  tellAgent,
  times,
  underWorkflow,
  type ToolStory,
  type TurnStory,
} from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

const turns = (...calls: readonly ToolStory[]): TurnStory[] =>
  calls.map((call) => ({ tools: [call], cost: 900 }));
const lookUp: ToolStory = {
  tool: 'look_up_price',
  args: '{"item":"lamp"}',
  result: '{"price":null}',
};
const other = (n: number): ToolStory => ({
  tool: 'look_up_price',
  args: `{"item":${n}}`,
  result: 'no',
});

/** Two agents, each with a model that only says who is next. */
function volley(
  hops: number,
  { tokens = 12, tool = '', pattern = '', names = ['triage', 'billing'] } = {},
) {
  const spans = times(hops, (n): readonly Sketch[] => {
    const [from = '', to = ''] = n % 2 === 0 ? names : names.toReversed();
    const at = 1000 * n;
    return [
      { id: `agent ${n}`, parent: 'root', kind: 'agent', agentName: from, at, until: at + 900 },
      {
        id: `llm ${n}`,
        parent: `agent ${n}`,
        kind: 'llm',
        at,
        until: at + 700,
        inputTokens: 400,
        outputTokens: tokens,
      },
      ...(tool === ''
        ? []
        : [
            {
              id: `tool ${n}`,
              parent: `agent ${n}`,
              kind: 'tool' as const,
              toolName: tool,
              at: at + 700,
              until: at + 800,
            },
          ]),
      {
        id: `handoff ${n}`,
        parent: `agent ${n}`,
        kind: 'handoff',
        handoffFrom: from,
        handoffTo: to,
        at: at + 850,
        until: at + 860,
      },
    ];
  }).flat();
  const attributes = pattern === '' ? {} : { 'orchescope.workflow.pattern': pattern };
  return underWorkflow('help desk', spans, { attributes });
}

/** What the SDK sends without content: it saw the loop where it ran. */
function told(
  kind: string,
  signature: string,
  period: number,
  repeats: number,
  call: Partial<Sketch>,
): readonly Sketch[] {
  const names = signature.split('>');
  return times(period * repeats, (n): Sketch => ({
    id: `call ${n}`,
    parent: 'agent',
    kind: 'tool',
    toolName: names[n % names.length] ?? '',
    at: 100 * n,
    until: 100 * n + 50,
    ...call,
    events:
      n === period * repeats - 1
        ? [
            {
              name: 'orchescope.loop',
              at: 100 * n + 50,
              attributes: {
                'orchescope.loop.kind': kind,
                'orchescope.loop.signature': signature,
                'orchescope.loop.period': period,
                'orchescope.loop.repeats': repeats,
              },
            },
          ]
        : [],
  }));
}
const agent: Sketch = { id: 'agent', kind: 'agent', agentName: 'coder', until: 5000 };

const polish = (progress: (n: number) => string): readonly Sketch[] => [
  { id: 'root', kind: 'workflow', until: 9000 },
  ...times(6, (n): readonly Sketch[] => [
    {
      id: `round ${n}`,
      parent: 'root',
      kind: 'step',
      name: 'step polish',
      at: 1000 * n,
      until: 1000 * n + 900,
      loopIteration: n + 1,
      attributes: { 'orchescope.loop.name': 'polish', 'orchescope.step.progress': progress(n) },
    },
    {
      id: `editor ${n}`,
      parent: `round ${n}`,
      kind: 'llm',
      at: 1000 * n,
      until: 1000 * n + 800,
      outputTokens: 90,
    },
  ]).flat(),
];

const found: readonly FindingCase[] = [
  {
    name: 'a LangGraph researcher looks up the same price seven times',
    finds: [{ variant: 'exact_repeat', subject: 'look_up_price' }],
    spans: tellAgent('openinference', {
      agent: 'researcher',
      turns: turns(...times(7, () => lookUp)),
    }),
  },
  {
    name: 'an AI SDK agent books the same full table again and gets the same error',
    finds: [{ variant: 'exact_repeat', subject: 'bookTable' }],
    spans: tellAgent('ai-sdk', {
      agent: 'concierge',
      turns: turns(
        ...times(4, () => ({ tool: 'bookTable', args: '{"at":"19:00"}', error: 'TableTaken' })),
      ),
    }),
  },
  {
    name: 'a stuck agent of the OpenAI SDK that begins well',
    finds: [{ variant: 'exact_repeat', subject: 'look_up_price' }],
    spans: tellAgent('openai-agents', {
      agent: 'buyer',
      turns: turns(other(1), other(2), lookUp, lookUp, lookUp, lookUp, other(3)),
    }),
  },
  {
    name: 'one agent that gets stuck twice, with different questions',
    finds: [{ variant: 'exact_repeat' }, { variant: 'exact_repeat' }],
    spans: tellAgent('crewai', {
      agent: 'Researcher',
      turns: turns(lookUp, lookUp, lookUp, other(1), other(2), other(2), other(2), other(2)),
    }),
  },
  {
    name: 'a status asked twenty times at once on the heels of the last answer, a model before each',
    finds: [{ variant: 'exact_repeat', subject: 'job_status' }],
    spans: tellAgent('pydantic-ai', {
      agent: 'watcher',
      turns: turns(...times(20, (n) => ({ tool: 'job_status', args: '7', result: `${n} %` }))),
    }),
  },
  {
    name: 'a coder who reads, edits and tests the same thing four times',
    finds: [{ variant: 'cycle', subject: 'edit_file > run_tests > read_file' }],
    spans: tellAgent('google-adk', {
      agent: 'coder',
      turns: turns(
        ...times(4, () => [
          { tool: 'read_file', args: 'a.ts', result: 'let a' },
          { tool: 'edit_file', args: 'a.ts: let b', result: 'ok' },
          { tool: 'run_tests', args: '', result: '1 failed' },
        ]).flat(),
      ),
    }),
  },
  {
    name: 'two tools in turn, both in one answer of the model',
    finds: [{ variant: 'cycle' }],
    spans: tellAgent('strands', {
      agent: 'shopper',
      turns: times(3, () => ({ tools: [{ tool: 'stock', args: 'lamp', result: '0' }, lookUp] })),
    }),
  },
  {
    name: 'a cycle of eight calls',
    finds: [{ variant: 'cycle' }],
    spans: tellAgent('semantic-kernel', {
      agent: 'planner',
      turns: turns(...times(24, (n) => ({ tool: `page_${n % 8}`, args: 'x', result: `${n % 8}` }))),
    }),
  },
  {
    name: 'triage and billing send a customer to each other, nobody does a thing',
    finds: [{ variant: 'ping_pong', subject: 'billing > triage' }],
    spans: volley(8),
  },
  {
    name: 'the same, and a tool that fails in between is no work',
    finds: [{ variant: 'ping_pong', subject: 'billing > triage' }],
    spans: volley(6, { tool: 'find_invoice' }).map(failTools),
  },
  {
    name: 'a loop whose steps say that the work stands where it stood',
    finds: [{ variant: 'no_progress', subject: 'polish' }],
    spans: polish(() => 'draft 1'),
  },
  {
    name: 'the SDK saw a repeated call and sent no content',
    finds: [{ variant: 'exact_repeat', subject: 'search' }],
    spans: [agent, ...told('repeat', 'search', 1, 3, {})],
  },
  {
    name: 'the SDK saw a cycle and sent no content',
    finds: [{ variant: 'cycle', subject: 'edit > test > read' }],
    spans: [agent, ...told('cycle', 'edit>test>read', 3, 4, {})],
  },
  {
    name: 'the SDK saw a handoff go back and forth, and so do we: told once',
    finds: [{ variant: 'ping_pong', subject: 'billing > triage' }],
    spans: volley(6).map((span) =>
      span.id === 'handoff 5'
        ? { ...span, events: told('ping_pong', 'billing>triage', 2, 3, {}).at(-1)?.events ?? [] }
        : span,
    ),
  },
  {
    name: 'a call inside an MCP client span, told by both: one loop',
    finds: [{ variant: 'exact_repeat', subject: 'look_up_price' }],
    spans: tellAgent('orchescope', {
      agent: 'buyer',
      turns: turns(lookUp, lookUp, lookUp),
    }).flatMap((span) =>
      span.kind === 'tool'
        ? [span, { ...span, id: `${span.id} mcp`, parent: span.id, kind: 'mcp' as const }]
        : [span],
    ),
  },
];

function failTools(span: Sketch): Sketch {
  return span.kind === 'tool' ? { ...span, status: 'error' } : span;
}

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'ReAct: one question after the other, each about something else',
    finds: [],
    spans: tellAgent('openinference', { agent: 'researcher', turns: turns(...times(12, other)) }),
  },
  {
    name: 'a program polls twelve times without asking a model',
    finds: [],
    spans: tellAgent('orchescope', {
      agent: 'watcher',
      turns: [{ tools: times(12, () => ({ tool: 'read_queue', args: 'q', result: 'empty' })) }],
    }),
  },
  {
    name: 'a model polls a build five times and it is done',
    finds: [],
    spans: tellAgent('ai-sdk', {
      agent: 'builder',
      turns: turns(
        ...times(5, (n) => ({ tool: 'getBuild', args: '42', result: n < 4 ? 'queued' : 'done' })),
      ),
    }),
  },
  {
    name: 'a model asks a status that stays the same eight times',
    finds: [],
    spans: tellAgent('mastra', {
      agent: 'builder',
      turns: turns(...times(8, () => ({ tool: 'getJobStatus', args: '42', result: 'pending' }))),
    }),
  },
  {
    name: 'a browser agent scrolls down six times and is told ok',
    finds: [],
    spans: tellAgent('ai-sdk', {
      agent: 'surfer',
      turns: turns(...times(6, () => ({ tool: 'scrollDown', args: '{}', result: 'ok' }))),
    }),
  },
  {
    name: 'a reader turns eight pages',
    finds: [],
    spans: tellAgent('openai-agents', {
      agent: 'reader',
      turns: turns(...times(8, () => ({ tool: 'next_page', args: '{}', result: 'ok' }))),
    }),
  },
  {
    name: 'an agent looks into a mailbox every minute',
    finds: [],
    spans: tellAgent('pydantic-ai', {
      agent: 'mail',
      turns: times(20, () => ({
        idleMs: 60_000,
        tools: [{ tool: 'read_mailbox', args: '', result: 'empty' }],
      })),
    }),
  },
  {
    name: 'a sleep between the looks, chosen by the model',
    finds: [],
    spans: tellAgent('openai-agents', {
      agent: 'mail',
      turns: turns(
        ...times(10, (n) =>
          n % 2 === 0
            ? { tool: 'read_mailbox', args: '', result: 'empty' }
            : { tool: 'sleep', args: '1', result: 'ok' },
        ),
      ),
    }),
  },
  {
    name: 'the same call side by side, asked for at once',
    finds: [],
    spans: tellAgent('ai-sdk', {
      agent: 'researcher',
      turns: [{ beside: true, tools: times(5, () => lookUp) }],
    }),
  },
  {
    name: 'five workers of one name that make the same first call each',
    finds: [],
    spans: underWorkflow(
      'fan out',
      times(5, (n) =>
        tellAgent('orchescope', { id: `w${n}`, agent: 'worker', turns: turns(lookUp, other(n)) }),
      ).flat(),
    ),
  },
  {
    name: 'a call that is tried again after a backoff',
    finds: [],
    spans: [
      { id: 'a', kind: 'agent', agentName: 'caller', until: 9000 },
      ...times(4, (n): readonly Sketch[] => [
        {
          id: `try ${n}`,
          parent: 'a',
          kind: 'step',
          at: 2000 * n,
          until: 2000 * n + 900,
          attempt: n + 1,
          attributes: { 'orchescope.step.type': 'attempt' },
        },
        { id: `llm ${n}`, parent: `try ${n}`, kind: 'llm', at: 2000 * n, until: 2000 * n + 300 },
        {
          id: `tool ${n}`,
          parent: `try ${n}`,
          kind: 'tool',
          toolName: 'pay',
          status: 'error',
          errorType: 'Timeout',
          at: 2000 * n + 300,
          until: 2000 * n + 900,
          digests: [{ slot: 'tool_arguments', hash: 1 }],
        },
      ]).flat(),
    ],
  },
  {
    name: 'equal arguments, and nobody knows the answers',
    finds: [],
    spans: tellAgent('crewai', {
      agent: 'Buyer',
      turns: turns(...times(6, () => ({ tool: 'next_page', args: '{}' }))),
    }),
  },
  {
    name: 'nothing is captured: five calls of one tool prove nothing',
    finds: [],
    spans: tellAgent('semantic-kernel', {
      agent: 'buyer',
      turns: turns(...times(5, () => ({ tool: 'search' }))),
    }),
  },
  {
    name: 'edit and test until it is green, each time with another edit',
    finds: [],
    spans: tellAgent('strands', {
      agent: 'coder',
      turns: turns(
        ...times(6, (n) => [
          { tool: 'edit', args: `try ${n}`, result: 'ok' },
          { tool: 'test', args: '', result: '1 failed' },
        ]).flat(),
      ),
    }),
  },
  {
    name: 'two rounds of three calls',
    finds: [],
    spans: tellAgent('google-adk', {
      agent: 'coder',
      turns: turns(
        ...times(6, (n) => ({ tool: ['a', 'b', 'c'][n % 3] ?? '', args: '1', result: 'x' })),
      ),
    }),
  },
  {
    name: 'a writer and a critic hand drafts back and forth',
    finds: [],
    spans: volley(10, { names: ['writer', 'critic'], tokens: 650 }),
  },
  {
    name: 'a supervisor who gives work to one agent and gets it back',
    finds: [],
    spans: volley(8, { names: ['lead', 'analyst'], pattern: 'supervisor' }),
  },
  {
    name: 'two agents take turns, and each looks something up',
    finds: [],
    spans: volley(8, { tool: 'query' }),
  },
  {
    name: 'a round-robin chat of three, ten times round',
    finds: [],
    spans: underWorkflow(
      'panel',
      times(30, (n): Sketch => {
        const names = ['ann', 'bob', 'cem'];
        return {
          id: `h ${n}`,
          kind: 'handoff',
          handoffFrom: names[n % 3] ?? '',
          handoffTo: names[(n + 1) % 3] ?? '',
          at: 100 * n,
        };
      }),
    ),
  },
  {
    name: 'a loop whose every step gets further',
    finds: [],
    spans: polish((n) => `draft ${n}`),
  },
  {
    name: 'a customer says the same thing three times, and it is looked up each time',
    finds: [],
    spans: times(3, (n) => [
      {
        id: `turn ${n}`,
        parent: 'session',
        kind: 'turn' as const,
        at: 1500 * n,
        until: 1500 * n + 1400,
      },
      {
        id: `llm ${n}`,
        parent: `turn ${n}`,
        kind: 'llm' as const,
        at: 1500 * n,
        until: 1500 * n + 900,
      },
      {
        id: `tool ${n}`,
        parent: `turn ${n}`,
        kind: 'tool' as const,
        toolName: 'find_order',
        at: 1500 * n + 900,
        until: 1500 * n + 1000,
        digests: [
          { slot: 'tool_arguments' as const, hash: 1 },
          { slot: 'tool_result' as const, hash: 2 },
        ],
      },
    ]).flat(),
  },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
