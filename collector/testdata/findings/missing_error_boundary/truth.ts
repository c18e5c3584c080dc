import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import {
  dialects,
  tellAgent,
  times,
  underWorkflow,
  type Dialect,
} from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';
import { agent, chain, llm, step, tool, workflow } from '../error_escalation/chains.ts';

/** An agent that works for three turns and dies of its last tool; so does everything around it. */
function dies(
  dialect: Dialect,
  error = 'ConnectionError',
  change: (span: Sketch) => Sketch = (span) => span,
): readonly Sketch[] {
  const spans = tellAgent(dialect, {
    agent: 'researcher',
    turns: [
      { tools: [{ tool: 'search', args: '1', result: 'a' }], cost: 2000 },
      { tools: [{ tool: 'read', args: '2', result: 'b' }], cost: 2000 },
      { tools: [{ tool: 'fetch_page', args: '3', error }], cost: 2000 },
    ],
  });
  const failed = new Set(spans.filter(({ status }) => status === 'error').map(({ id }) => id));
  for (let grown = true; grown;) {
    const before = failed.size;
    for (const { id, parent = '' } of spans)
      if (failed.has(id) && parent !== '') failed.add(parent);
    grown = failed.size > before;
  }
  return spans.map((span) =>
    change(failed.has(span.id) ? { ...span, status: 'error', errorType: error } : span),
  );
}

const work = (count: number, parent: string): readonly Sketch[] =>
  times(count, (n) => ({
    id: `ok ${n}`,
    parent,
    kind: 'tool' as const,
    toolName: 'look',
    at: n,
    until: n + 1,
  }));

const found: readonly FindingCase[] = [
  ...dialects.map((dialect) => ({
    name: `a page that cannot be fetched ends the run, as ${dialect} tells it`,
    finds: [{ subject: 'fetch_page' }],
    spans: dies(dialect),
  })),
  {
    name: 'one of six branches fails and takes the five others with it',
    finds: [{ subject: 'stock' }],
    spans: underWorkflow(
      'compare',
      times(6, (n) =>
        chain(
          [
            step(`branch ${n}`, ...(n === 3 ? ['Down'] : [])),
            tool('stock', ...(n === 3 ? ['Down'] : [])),
          ],
          { prefix: `${n} ` },
        ),
      ).flat(),
      { status: 'error', errorType: 'Down' },
    ),
  },
  {
    name: 'a model that answers 503 at the end of a hierarchy',
    finds: [{ subject: 'gpt-5' }],
    spans: [
      ...chain([
        workflow('audit', '503'),
        agent('lead', '503'),
        agent('worker', '503'),
        llm('gpt-5', '503'),
      ]),
      ...work(4, '1'),
    ],
  },
];

const withEvent =
  (name: string, on: string) =>
  (span: Sketch): Sketch =>
    span.id === on ? { ...span, events: [{ name, at: 1 }] } : span;

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'the agent catches the error and answers without the page',
    finds: [],
    spans: tellAgent('ai-sdk', {
      agent: 'researcher',
      turns: [
        { tools: [{ tool: 'search', result: 'a' }] },
        { tools: [{ tool: 'fetch_page', error: 'ConnectionError' }] },
        { output: 400 },
      ],
    }),
  },
  {
    name: 'the call was tried again and failed again',
    finds: [],
    spans: dies('orchescope').map((span) =>
      span.toolName === 'fetch_page' ? { ...span, attempt: 3 } : span,
    ),
  },
  {
    name: 'the agent says that it tried again',
    finds: [],
    spans: dies('orchescope', 'ConnectionError', withEvent('orchescope.retry', 'researcher')),
  },
  {
    name: 'another way was tried, and failed too',
    finds: [],
    spans: dies('orchescope', 'ConnectionError', withEvent('orchescope.fallback', 'researcher')),
  },
  {
    name: 'the budget was used up: that is to end a run',
    finds: [],
    spans: dies('orchescope', 'budget_exceeded'),
  },
  {
    name: 'somebody stopped it',
    finds: [],
    spans: dies('mastra', 'AbortError'),
  },
  {
    name: 'an open breaker refused the call',
    finds: [],
    spans: dies('orchescope', 'circuit_open'),
  },
  {
    name: 'a guardrail stopped the run',
    finds: [],
    spans: dies('openai-agents', 'InputGuardrailTripwireTriggered'),
  },
  {
    name: 'the first call of all failed: nothing was lost',
    finds: [],
    spans: chain([
      workflow('w', 'Unauthorized'),
      agent('a', 'Unauthorized'),
      llm('gpt-5', 'Unauthorized'),
    ]),
  },
  {
    name: 'the workflow itself broke after all calls had gone well',
    finds: [],
    spans: [...chain([workflow('w', 'TypeError')]), ...work(6, '0')],
  },
  {
    name: 'an error was caught, and the run failed of another one of its own later',
    finds: [],
    spans: [
      ...chain([workflow('w', 'TypeError'), agent('a'), tool('fetch', 'Timeout')]),
      ...work(6, '1'),
    ],
  },
  {
    name: 'a run that ended partial: somebody did catch it',
    finds: [],
    spans: underWorkflow(
      'compare',
      [...chain([step('branch', 'Down'), tool('stock', 'Down')]), ...work(5, 'root')],
      { attributes: { 'orchescope.run.outcome': 'partial' } },
    ),
  },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
