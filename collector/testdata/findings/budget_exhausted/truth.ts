import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';
import { agent, chain, llm, workflow } from '../error_escalation/chains.ts';

type Told = { unit?: string; used: number; limit: number };

const told = ({ unit = 'tokens', used, limit }: Told): NonNullable<Sketch['events']> => [
  {
    name: 'orchescope.budget',
    at: 5,
    attributes: {
      'orchescope.budget.unit': unit,
      'orchescope.budget.used': used,
      'orchescope.budget.limit': limit,
    },
  },
];
const event = (name: string, key: string, value: string): NonNullable<Sketch['events']> => [
  { name: `orchescope.${name}`, at: 9, attributes: { [`orchescope.${name}.${key}`]: value } },
];

/** An agent with a call of a model for each budget event. */
const run = (budgets: readonly Told[], rest: readonly Sketch[] = []): readonly Sketch[] => [
  ...chain([workflow('book'), agent('summariser')]),
  ...budgets.map((budget, n): Sketch => ({
    id: `call ${n}`,
    parent: '1',
    kind: 'llm',
    at: 100 * n,
    until: 100 * n + 90,
    inputTokens: 5000,
    outputTokens: 5000,
    events: told(budget),
  })),
  ...rest,
];
const refused: Sketch = {
  id: 'refused',
  parent: '1',
  kind: 'llm',
  at: 900,
  status: 'error',
  errorType: 'budget_exceeded',
  events: event('rejected', 'by', 'budget'),
};

const found: readonly FindingCase[] = [
  {
    name: 'half of the tokens, four fifths, and then a call that was refused',
    finds: [{ variant: 'tokens', subject: 'summariser' }],
    spans: run(
      [
        { used: 1250, limit: 2500 },
        { used: 2000, limit: 2500 },
      ],
      [refused],
    ),
  },
  {
    name: 'one big call went over the limit',
    finds: [{ variant: 'tokens', subject: 'summariser' }],
    spans: run([{ used: 300, limit: 100 }]),
  },
  {
    name: 'exactly all of it',
    finds: [{ variant: 'tokens' }],
    spans: run([{ used: 2500, limit: 2500 }]),
  },
  {
    name: 'dollars',
    finds: [{ variant: 'usd', subject: 'summariser' }],
    spans: run([{ unit: 'usd', used: 0.52, limit: 0.5 }]),
  },
  {
    name: 'tokens and dollars are both gone',
    finds: [{ variant: 'tokens' }, { variant: 'usd' }],
    spans: run([
      { used: 900, limit: 800 },
      { unit: 'usd', used: 1.5, limit: 1 },
    ]),
  },
  {
    name: 'the agent ended by itself because of the budget',
    finds: [{ variant: 'tokens', subject: 'summariser' }],
    spans: run([{ used: 2000, limit: 2500 }]).map((span) =>
      span.id === '1' ? { ...span, events: event('terminate', 'reason', 'budget') } : span,
    ),
  },
  {
    name: 'two workers with a budget each, one of them is gone',
    finds: [{ subject: 'w1' }],
    spans: times(2, (n): readonly Sketch[] => [
      { id: `w${n}`, kind: 'agent', agentName: `w${n}`, until: 500 },
      {
        id: `c${n}`,
        parent: `w${n}`,
        kind: 'llm',
        events: told({ used: n === 1 ? 1000 : 500, limit: 1000 }),
      },
    ]).flat(),
  },
  {
    name: 'Pydantic AI: UsageLimitExceeded',
    finds: [{ subject: 'weather' }],
    spans: chain([agent('weather', 'pydantic_ai.exceptions.UsageLimitExceeded'), llm('gpt-5')]),
  },
  {
    name: 'OpenAI Agents: MaxTurnsExceededError',
    finds: [{ variant: 'turns', subject: 'triage' }],
    spans: chain([agent('triage', 'MaxTurnsExceededError'), llm('gpt-5')]),
  },
  {
    name: 'LangGraph: GraphRecursionError, with no agent span',
    finds: [{ variant: 'turns' }],
    spans: chain([workflow('LangGraph', 'GraphRecursionError'), llm('gpt-5')]),
  },
  {
    name: 'a provider that says that the quota is gone',
    finds: [{ subject: 'summariser' }],
    spans: chain([agent('summariser', 'insufficient_quota'), llm('gpt-5', 'insufficient_quota')]),
  },
  {
    name: 'a refusal and no word of how much was used',
    finds: [{ subject: 'summariser' }],
    spans: run([], [refused]),
  },
];

const plain = (rest: Partial<Sketch>): readonly Sketch[] =>
  chain([workflow('book'), agent('summariser'), llm('gpt-5')]).map((span) =>
    span.id === '2' ? { ...span, ...rest } : span,
  );

const lookAlikes: readonly FindingCase[] = [
  { name: 'half of the budget', finds: [], spans: run([{ used: 50, limit: 100 }]) },
  {
    name: 'four fifths of it',
    finds: [],
    spans: run([
      { used: 50, limit: 100 },
      { used: 80, limit: 100 },
    ]),
  },
  { name: 'a hair below', finds: [], spans: run([{ unit: 'usd', used: 0.4999, limit: 0.5 }]) },
  {
    name: 'an answer cut at its own limit of tokens',
    finds: [],
    spans: plain({ finishReasons: ['length'], outputTokens: 4096 }),
  },
  {
    name: 'a rate limit refused a call',
    finds: [],
    spans: plain({
      status: 'error',
      errorType: 'rate_limited',
      events: event('rejected', 'by', 'rate_limit'),
    }),
  },
  {
    name: 'a group chat that ends after its last round',
    finds: [],
    spans: plain({ events: event('terminate', 'reason', 'max_rounds') }),
  },
  {
    name: 'an agent that ends after its last turn, without an error',
    finds: [],
    spans: plain({ events: event('terminate', 'reason', 'max_turns') }),
  },
  {
    name: 'a timeout',
    finds: [],
    spans: plain({ status: 'error', errorType: 'TimeoutError' }),
  },
  {
    name: 'a tool called check_budget that went well',
    finds: [],
    spans: plain({ kind: 'tool', toolName: 'check_budget_exceeded' }),
  },
  {
    name: 'a limit of nothing, of which nothing is used',
    finds: [],
    spans: run([{ used: 0, limit: 0 }]),
  },
  {
    name: 'a context that is too long for the model',
    finds: [],
    spans: plain({ status: 'error', errorType: 'context_length_exceeded' }),
  },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
