import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import {
  dialects,
  tellAgent,
  times,
  underWorkflow,
  type Dialect,
} from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

/** One agent whose calls have these inputs. */
const talk = (
  inputs: readonly number[],
  dialect: Dialect = 'orchescope',
  cached: readonly number[] = [],
): readonly Sketch[] => {
  let call = -1;
  return tellAgent(dialect, {
    agent: 'coder',
    turns: inputs.map((input) => ({ input, tools: [{ tool: 'read_file' }] })),
  }).map((span) => {
    if (span.kind !== 'llm') return span;
    call += 1;
    return cached[call] === undefined ? span : { ...span, cacheReadTokens: cached[call] ?? 0 };
  });
};
const growing = (count: number, by: number, from = 2000): readonly number[] =>
  times(count, (n) => from + by * n);

const found: readonly FindingCase[] = [
  ...dialects.map((dialect) => ({
    name: `every answer of a tool stays in the prompt, as ${dialect} tells it`,
    finds: [dialect === 'openinference' ? {} : { subject: 'coder' }],
    spans: talk(growing(12, 1800), dialect),
  })),
  {
    name: 'a context that doubles with every call',
    finds: [{}],
    spans: talk([1000, 2000, 3500, 6000, 9000, 14_000, 20_000]),
  },
  {
    name: 'a cache is there and holds only the instructions',
    finds: [{ subject: 'coder' }],
    spans: talk(
      growing(12, 2000),
      'ai-sdk',
      times(12, () => 1024),
    ),
  },
  {
    name: 'one of two agents',
    finds: [{ subject: 'coder' }],
    spans: underWorkflow('pair', [
      ...talk(growing(10, 2500)),
      ...tellAgent('orchescope', {
        agent: 'tester',
        id: 't',
        turns: times(10, () => ({ input: 9000 })),
      }),
    ]),
  },
  {
    name: 'grows by fits and starts, and now and then stays',
    finds: [{}],
    spans: talk([3000, 4000, 6500, 6500, 9000, 12_000, 12_500, 16_000, 19_000, 22_000]),
  },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'the same context in every call', finds: [], spans: talk(times(20, () => 20_000)) },
  { name: 'a long context that barely grows', finds: [], spans: talk(growing(20, 300, 30_000)) },
  { name: 'a short talk that grows fast', finds: [], spans: talk(growing(4, 4000)) },
  { name: 'a talk of small prompts', finds: [], spans: talk(growing(12, 300, 300)) },
  {
    name: 'what was sent before comes from the cache',
    finds: [],
    spans: talk(
      growing(12, 2000),
      'ai-sdk',
      times(12, (n) => (n === 0 ? 0 : 2000 * n)),
    ),
  },
  {
    name: 'one long document comes in, and stays',
    finds: [],
    spans: talk([2000, 2100, 2200, 30_000, 30_200, 30_300, 30_500, 30_600]),
  },
  {
    name: 'somebody cuts the history when it gets long',
    finds: [],
    spans: talk([...growing(8, 3000), ...growing(8, 3000, 5000)]),
  },
  {
    name: 'ten agents of one name side by side, each with one prompt of another length',
    finds: [],
    spans: underWorkflow(
      'map',
      times(10, (n) =>
        tellAgent('orchescope', {
          agent: 'mapper',
          id: `m${n}`,
          at: n,
          turns: [{ input: 2000 * (n + 1) }],
        }),
      ).flat(),
    ),
  },
  {
    name: 'one agent that asks about ten pages at once, short ones first',
    finds: [],
    spans: [
      { id: 'a', kind: 'agent', agentName: 'reader', until: 5000 },
      ...times(10, (n): Sketch => ({
        id: `c ${n}`,
        parent: 'a',
        kind: 'llm',
        model: 'gpt-5',
        at: n,
        until: 3000 + n,
        inputTokens: 2000 * (n + 1),
      })),
    ],
  },
  {
    name: 'two models in turn, a small one for titles and a big one',
    finds: [],
    spans: [
      { id: 'a', kind: 'agent', agentName: 'writer', until: 50_000 },
      ...times(10, (n): Sketch => ({
        id: `c ${n}`,
        parent: 'a',
        kind: 'llm',
        model: n % 2 === 0 ? 'gpt-5' : 'gpt-5-nano',
        at: 1000 * n,
        until: 1000 * n + 900,
        inputTokens: n % 2 === 0 ? 12_000 : 300,
      })),
    ],
  },
  {
    name: 'nobody told any tokens',
    finds: [],
    spans: talk(growing(12, 2000)).map((span) =>
      span.kind === 'llm' ? { ...span, inputTokens: null } : span,
    ),
  },
  {
    name: 'a graph whose nodes have prompts of different lengths, in the same order twice',
    finds: [],
    spans: [
      { id: 'root', kind: 'workflow', name: 'LangGraph', until: 50_000 },
      ...times(8, (n): readonly Sketch[] => [
        {
          id: `n ${n}`,
          parent: 'root',
          kind: 'step',
          name: ['plan', 'search', 'read', 'write'][n % 4] ?? '',
          at: 1000 * n,
          until: 1000 * n + 900,
        },
        {
          id: `c ${n}`,
          parent: `n ${n}`,
          kind: 'llm',
          model: 'gpt-5',
          at: 1000 * n,
          until: 1000 * n + 800,
          inputTokens: 4000 * ((n % 4) + 1) + 50 * n,
        },
      ]).flat(),
    ],
  },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
