import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import {
  dialects,
  digests,
  tellAgent,
  times,
  underWorkflow,
} from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

type Asked = {
  prompt?: string;
  answer?: string;
  at?: number;
  until?: number;
  rest?: Partial<Sketch>;
};

/** Calls of one model by one agent, one after the other unless told. */
const asks = (calls: readonly Asked[], root: Partial<Sketch> = {}): readonly Sketch[] => [
  { kind: 'agent', agentName: 'classifier', until: 100_000, ...root, id: 'root' },
  ...calls.map(({ prompt, answer, at, until, rest }, n): Sketch => ({
    id: `ask ${n}`,
    parent: 'root',
    kind: 'llm',
    model: 'gpt-5-mini',
    at: at ?? 1000 * n,
    until: until ?? 1000 * n + 900,
    inputTokens: 300 + (prompt ?? '').length,
    outputTokens: 5,
    digests: digests({ input_messages: prompt, output_messages: answer }),
    ...rest,
  })),
];
const same: Asked = { prompt: 'is this spam?', answer: 'no' };

const found: readonly FindingCase[] = [
  ...dialects.map((dialect) => ({
    name: `one question four times over, as ${dialect} tells it`,
    finds: [{}],
    spans: tellAgent(dialect, {
      agent: 'classifier',
      turns: times(4, () => ({ prompt: 'is this spam?', cost: 500 })),
    }),
  })),
  {
    name: 'the same question and the same answer, three times',
    finds: [{ subject: 'classifier' }],
    spans: asks(times(3, () => same)),
  },
  {
    name: 'two questions, each asked four times, in turn',
    finds: [{}, {}],
    spans: asks(
      times(8, (n) => ({ prompt: n % 2 === 0 ? 'is it spam?' : 'is it rude?', answer: 'no' })),
    ),
  },
  {
    name: 'three agents of one run that ask the same',
    finds: [{}],
    spans: underWorkflow(
      'desk',
      times(3, (n) =>
        tellAgent('orchescope', {
          agent: `agent ${n}`,
          id: `${n}`,
          at: 2000 * n,
          turns: [{ prompt: 'sum up the case' }],
        }),
      ).flat(),
    ),
  },
  {
    name: 'the same text embedded five times',
    finds: [{}],
    spans: asks(
      times(5, () => ({
        rest: {
          kind: 'embedding' as const,
          model: 'text-embedding-3',
          inputTokens: 40,
          digests: digests({ input: 'hello' }),
        },
      })),
    ),
  },
  {
    name: 'eight times the same question, and ever other answers',
    finds: [{}],
    spans: asks(times(8, (n) => ({ prompt: 'name a colour', answer: `${n}` }))),
  },
];

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'twenty questions',
    finds: [],
    spans: asks(times(20, (n) => ({ prompt: `q${n}`, answer: 'no' }))),
  },
  { name: 'asked twice', finds: [], spans: asks([same, same]) },
  { name: 'nothing is captured', finds: [], spans: asks(times(9, () => ({}))) },
  {
    name: 'only the instructions are captured, and they are always the same',
    finds: [],
    spans: asks(
      times(9, () => ({ rest: { digests: digests({ system_instructions: 'be kind' }) } })),
    ),
  },
  {
    name: 'five answers asked for at once, to choose from',
    finds: [],
    spans: asks(times(5, (n) => ({ ...same, at: n, until: 900 + n, answer: `${n}` }))),
  },
  {
    name: 'five answers one after the other, for a vote',
    finds: [],
    spans: asks(
      times(5, () => same),
      { events: [{ name: 'orchescope.vote', at: 9 }] },
    ),
  },
  {
    name: 'a call that failed four times and was sent again',
    finds: [],
    spans: asks([...times(4, () => ({ ...same, rest: { status: 'error' as const } })), same]),
  },
  {
    name: 'tries of one step, each with the same prompt',
    finds: [],
    spans: [
      { id: 'root', kind: 'agent', agentName: 'a', until: 50_000 },
      ...times(4, (n): readonly Sketch[] => [
        {
          id: `try ${n}`,
          parent: 'root',
          kind: 'step',
          attempt: n + 1,
          at: 1000 * n,
          until: 1000 * n + 950,
        },
        {
          id: `ask ${n}`,
          parent: `try ${n}`,
          kind: 'llm',
          model: 'm',
          at: 1000 * n,
          until: 1000 * n + 900,
          digests: digests({ input_messages: 'x' }),
        },
      ]).flat(),
    ],
  },
  {
    name: 'the same word three times, with a history that the server keeps',
    finds: [],
    spans: asks(times(4, (n) => ({ prompt: 'go on', rest: { inputTokens: 500 + 300 * n } }))),
  },
  {
    name: 'one prompt to three models',
    finds: [],
    spans: asks(['gpt-5', 'claude-5', 'llama-4'].map((model) => ({ ...same, rest: { model } }))),
  },
  {
    name: 'the same question with other tools',
    finds: [],
    spans: asks(
      times(4, (n) => ({
        rest: {
          inputTokens: 400,
          digests: digests({ input_messages: 'q', tool_definitions: `${n}` }),
        },
      })),
    ),
  },
  {
    name: 'four times the same question, and four different answers',
    finds: [],
    spans: asks(times(4, (n) => ({ prompt: 'write a line', answer: `${n}` }))),
  },
  {
    name: 'one call, told by an SDK and by the wrapper around it, twice',
    finds: [],
    spans: asks([same, same]).flatMap((span) =>
      span.kind === 'llm' ? [span, { ...span, id: `${span.id} inner`, parent: span.id }] : [span],
    ),
  },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
