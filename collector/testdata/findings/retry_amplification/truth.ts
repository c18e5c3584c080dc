import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';
import { call, nested, retryEvents, tries, type Layer } from './layers.ts';

const model: Layer = { name: 'chat', kind: 'llm', model: 'gpt-5-mini' };
const step: Layer = { name: 'step try', kind: 'step' };
const tool: Layer = { name: 'execute_tool pay', kind: 'tool', toolName: 'pay' };
const root: Sketch = {
  id: 'root',
  kind: 'agent',
  agentName: 'buyer',
  until: 100_000,
  status: 'error',
};

const found: readonly FindingCase[] = [
  {
    name: 'three tries of a step, and in each four tries of a model',
    finds: [{ subject: 'gpt-5-mini' }],
    spans: [root, ...nested('root', [step, model], [3, 4])],
  },
  {
    name: 'the same, and the last of all tries succeeds',
    finds: [{ subject: 'gpt-5-mini' }],
    spans: [root, ...nested('root', [step, model], [3, 3])].map((span) =>
      span.id === 'root/2' || span.id === 'root/2/2' ? { ...span, status: 'ok' } : span,
    ),
  },
  {
    name: 'three layers of two tries each',
    finds: [{ subject: 'gpt-5-mini' }],
    spans: [root, ...nested('root', [step, { ...step, name: 'step call' }, model], [2, 2, 2])],
  },
  {
    name: 'an HTTP client that sends again, below an agent that tries again',
    finds: [{ subject: 'POST' }],
    spans: [
      root,
      ...nested('root', [step, { name: 'POST', kind: 'other' }], [3, 3], (span, attempt, depth) =>
        depth === 0
          ? span
          : {
              ...span,
              attempt: 0,
              attributes: attempt === 1 ? {} : { 'http.request.resend_count': attempt - 1 },
            },
      ),
    ],
  },
  {
    name: 'a framework that numbers its spans, attempt 1 and attempt 2',
    finds: [{ subject: 'pay' }],
    spans: [
      root,
      ...nested('root', [{ name: 'attempt', kind: 'step' }, tool], [2, 4], (span, attempt, depth) =>
        depth === 0 ? { ...span, name: `attempt ${attempt}` } : span,
      ),
    ],
  },
  {
    name: 'tries that are told by links alone',
    finds: [{ subject: 'gpt-5-mini' }],
    spans: [
      root,
      ...nested('root', [step, model], [3, 3], (span, attempt) => ({
        ...span,
        attempt: 0,
        links: attempt === 1 ? [] : [{ to: previous(span.id), rel: 'retries' }],
      })),
    ],
  },
  {
    name: 'a message delivered three times, and in each delivery three tries',
    finds: [{ subject: 'pay' }],
    spans: nested('', [{ name: 'process orders', kind: 'queue' }, tool], [3, 3], (span, _, depth) =>
      depth === 0
        ? { ...span, traceId: span.id, parent: '' }
        : { ...span, traceId: span.parent ?? '' },
    ),
  },
  {
    name: 'a client library that tries again within its span, below a step that tries again',
    finds: [{ subject: 'gpt-5-mini' }],
    spans: [
      root,
      ...tries('root', step, 3).flatMap((span) => [
        span,
        call(`${span.id}/llm`, span, model, { events: retryEvents(3, span.at ?? 0) }),
      ]),
    ],
  },
  {
    name: 'an agent that says it tried three times, and its calls of a tool say the same of themselves',
    finds: [{ subject: 'pay' }],
    spans: [
      { ...root, events: retryEvents(2, 0) },
      ...times(3, (n) => ({
        ...call(`pay ${n}`, { id: 'root', at: 1000 * n }, tool, {}),
        events: retryEvents(2, 1000 * n),
      })),
    ],
  },
  {
    name: 'two operations of one agent, each with two layers of tries',
    finds: [{ subject: 'pay' }, { subject: 'gpt-5-mini' }],
    spans: [
      root,
      ...nested('root', [{ ...step, name: 'step pay' }, tool], [3, 3]),
      ...nested('root', [{ ...step, name: 'step ask' }, model], [3, 3]).map((span) => ({
        ...span,
        id: `ask ${span.id}`,
        parent: span.parent === 'root' ? 'root' : `ask ${span.parent}`,
        at: (span.at ?? 0) + 50_000,
        until: (span.until ?? 0) + 50_000,
      })),
    ],
  },
  {
    name: 'layers with other spans between them',
    finds: [{ subject: 'pay' }],
    spans: [
      root,
      ...tries('root', step, 2).flatMap((span) => [
        span,
        {
          id: `${span.id}/agent`,
          parent: span.id,
          kind: 'agent' as const,
          agentName: 'cashier',
          at: span.at ?? 0,
          until: span.until ?? 0,
          status: 'error' as const,
        },
        ...tries(`${span.id}/agent`, tool, 3, span.at),
      ]),
    ],
  },
];

function previous(id: string): string {
  return id.replace(/\d+$/, (digits) => String(Number(digits) - 1));
}

const lookAlikes: readonly FindingCase[] = [
  {
    name: 'one layer of nine tries',
    finds: [],
    spans: [root, ...tries('root', model, 9)],
  },
  {
    name: 'two tries of two tries',
    finds: [],
    spans: [root, ...nested('root', [step, model], [2, 2])],
  },
  {
    name: 'one agent retries three tools one after the other, four tries each',
    finds: [],
    spans: [
      root,
      ...['pay', 'ship', 'bill'].flatMap((name, n) =>
        tries(
          'root',
          { name: `execute_tool ${name}`, kind: 'tool', toolName: name },
          4,
          10_000 * n,
        ).map((span) => ({
          ...span,
          id: `${name} ${span.id}`,
        })),
      ),
    ],
  },
  {
    name: 'one tool retried three times in a row, for three different jobs of one name',
    finds: [],
    spans: [
      root,
      ...times(3, (n) =>
        tries('root', tool, 4, 10_000 * n).map((span) => ({ ...span, id: `${n} ${span.id}` })),
      ).flat(),
    ],
  },
  {
    name: 'a chain of four models, each asked once',
    finds: [],
    spans: [
      root,
      ...times(4, (n): Sketch => ({
        id: `m ${n}`,
        parent: 'root',
        kind: 'step',
        name: `step gpt-${n}`,
        attempt: n + 1,
        at: 100 * n,
        status: 'error',
      })),
    ],
  },
  {
    name: 'a fallback of three models, each tried three times',
    finds: [],
    spans: [
      { ...root, events: [{ name: 'orchescope.fallback', at: 5 }] },
      ...['gpt-6', 'claude-5', 'llama-4'].flatMap((name, n): readonly Sketch[] => {
        const outer: Sketch = {
          id: name,
          parent: 'root',
          kind: 'step',
          name: `step ${name}`,
          attempt: n + 1,
          at: 10_000 * n,
          until: 10_000 * n + 9000,
        };
        return [outer, ...tries(name, { ...model, model: name }, 3, 10_000 * n)];
      }),
    ],
  },
  {
    name: 'an outer retry whose first try alone had retried inside',
    finds: [],
    spans: [
      root,
      ...tries('root', step, 3),
      ...tries('root/0', model, 4),
      call('second', { id: 'root/1', at: 2000 }, model, {}),
      call('third', { id: 'root/2', at: 4000 }, model, {}),
    ],
  },
  {
    name: 'five branches side by side, two tries each',
    finds: [],
    spans: [
      root,
      ...times(5, (n): readonly Sketch[] => [
        {
          id: `b ${n}`,
          parent: 'root',
          kind: 'step',
          name: `branch ${n}`,
          at: 0,
          until: 5000,
          attributes: { 'orchescope.step.type': 'branch' },
        },
        ...tries(`b ${n}`, model, 2),
      ]).flat(),
    ],
  },
  {
    name: 'rounds of a loop, each with a call that was tried twice',
    finds: [],
    spans: [
      root,
      ...times(6, (n): readonly Sketch[] => [
        {
          id: `r ${n}`,
          parent: 'root',
          kind: 'step',
          name: 'step round',
          loopIteration: n + 1,
          at: 3000 * n,
          until: 3000 * n + 2900,
        },
        ...tries(`r ${n}`, model, 2, 3000 * n),
      ]).flat(),
    ],
  },
  {
    name: 'retry events of an agent over eight tries with a span each',
    finds: [],
    spans: [{ ...root, events: retryEvents(7, 0) }, ...tries('root', step, 8)],
  },
  {
    name: 'corrections: an extraction asked for again with the error in the prompt, five times',
    finds: [],
    spans: [
      { ...root, events: retryEvents(4, 0) },
      ...tries('root', step, 5).flatMap((span) => [
        span,
        call(`${span.id}/llm`, span, model, { status: 'ok' }),
      ]),
    ],
  },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
