import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';

/** One call of a model; seconds. */
const call = (first: number | null, whole: number, rest: Partial<Sketch> = {}): Sketch => ({
  kind: 'llm',
  model: 'gpt-5',
  timeToFirstChunk: first,
  until: 1000 * whole,
  ...rest,
  id: rest.id ?? 'call',
});
const later = (n: number, first: number, whole: number, rest: Partial<Sketch> = {}): Sketch =>
  call(first, whole, {
    at: 50_000 * n,
    until: 50_000 * n + 1000 * whole,
    ...rest,
    id: `call ${n}`,
  });

const found: readonly FindingCase[] = [
  {
    name: 'ten seconds until the first token',
    finds: [{ subject: 'gpt-5' }],
    spans: [call(10, 12)],
  },
  { name: 'half a minute', finds: [{ subject: 'gpt-5' }], spans: [call(31, 40)] },
  { name: 'exactly at the limit', finds: [{ subject: 'gpt-5' }], spans: [call(8, 20)] },
  { name: 'a short answer after a long wait', finds: [{}], spans: [call(15, 15.2)] },
  {
    name: 'one slow call among many quick ones',
    finds: [{}],
    spans: times(9, (n) => later(n, n === 4 ? 12 : 0.6, 14)),
  },
  {
    name: 'two models, both slow',
    finds: [{ subject: 'gpt-5' }, { subject: 'claude-5' }],
    spans: [later(0, 9, 12), later(1, 11, 12, { model: 'claude-5' })],
  },
  {
    name: 'the same model slow in every call: one finding',
    finds: [{}],
    spans: times(6, (n) => later(n, 9 + n, 20)),
  },
  {
    name: 'a model that reasons for more than a minute',
    finds: [{}],
    spans: [call(75, 90, { reasoningTokens: 4000 })],
  },
  {
    name: 'one call, told by two spans within each other',
    finds: [{}],
    spans: [call(10, 12), call(10, 11.5, { id: 'inner', parent: 'call' })],
  },
  {
    name: 'below an agent of the AI SDK, in its second step',
    finds: [{ subject: 'gpt-5' }],
    spans: [
      { id: 'agent', kind: 'agent', agentName: 'concierge', until: 60_000 },
      { id: 'step', parent: 'agent', kind: 'step', until: 60_000 },
      call(20, 33, { parent: 'step' }),
    ],
  },
  {
    name: 'an answer that is still being written',
    finds: [{}],
    spans: [call(14, 0, { until: null }), later(1, 0.2, 1)],
  },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'under a second', finds: [], spans: [call(0.7, 12)] },
  { name: 'slow as a whole, and quick to begin', finds: [], spans: [call(2, 120)] },
  { name: 'just below the limit', finds: [], spans: [call(7.99, 20)] },
  { name: 'no stream: nobody told of a first token', finds: [], spans: [call(null, 40)] },
  { name: 'no stream: the first token is the last', finds: [], spans: [call(40, 40)] },
  {
    name: 'a model that reasons for half a minute',
    finds: [],
    spans: [call(30, 45, { reasoningTokens: 2500 })],
  },
  {
    name: 'a call that failed after half a minute',
    finds: [],
    spans: [call(29, 30, { status: 'error', errorType: 'Timeout' })],
  },
  { name: 'twenty calls of five seconds each', finds: [], spans: times(20, (n) => later(n, 5, 9)) },
  {
    name: 'a tool that answers late',
    finds: [],
    spans: [call(20, 30, { kind: 'tool', toolName: 'crawl' })],
  },
  {
    name: 'an agent whose first word came late because it used tools before',
    finds: [],
    spans: [
      { id: 'agent', kind: 'agent', agentName: 'a', until: 60_000, timeToFirstChunk: 40 },
      call(0.5, 2, { parent: 'agent' }),
    ],
  },
  { name: 'no time at all', finds: [], spans: [call(0, 0)] },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
