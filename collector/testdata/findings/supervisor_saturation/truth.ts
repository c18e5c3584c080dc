import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import type { Sketch } from '../../../src/run-spans.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { messages, plainMessages, supervised } from './queues.ts';

const busy = { tasks: 12, everyMs: 200, serviceMs: 900 };
const calm = { tasks: 12, everyMs: 1000, serviceMs: 600 };
const waiting = { variant: 'waiting' };
const full = times(10, (n) => [1000 * n, 'w1', 'overloaded'] as const);

const found: readonly FindingCase[] = [
  { name: 'a newsroom refuses a task, and its writers are full', finds: [{ variant: 'refused', subject: 'writers' }], spans: await readRecordedRun('backpressure', 0) },
  { name: 'messages come four times as fast as they are handled', finds: [{ ...waiting, subject: 'tasks' }], spans: messages(busy) },
  { name: 'the same in the words of OpenTelemetry', finds: [waiting], spans: plainMessages(busy) },
  { name: 'a supervisor that tells of it in events', finds: [{ ...waiting, subject: 'writers' }], spans: supervised(busy) },
  { name: 'three workers are not enough either', finds: [waiting], spans: messages({ tasks: 60, everyMs: 100, serviceMs: 900, workers: 3 }) },
  { name: 'forty tasks at once for two workers', finds: [waiting], spans: messages({ tasks: 40, everyMs: 0, serviceMs: 500, workers: 2 }) },
  { name: 'five tasks are refused, and none waits', finds: [{ variant: 'refused' }], spans: supervised(calm, { refused: 5 }) },
  { name: 'tasks wait, and others are refused: one finding', finds: [{ variant: 'refused' }], spans: supervised(busy, { refused: 2 }) },
  { name: 'a worker that is overloaded nearly all the time', finds: [{ variant: 'overloaded', subject: 'writers' }], spans: supervised(calm, { states: [...full, [10_500, 'w1', 'idle']] }) },
  { name: 'two queues, one of which is behind', finds: [{ subject: 'slow' }], spans: [...messages({ ...busy, queue: 'slow' }), ...messages({ ...calm, queue: 'quick' }).slice(1)] },
  { name: 'refused, and nobody says by which queue', finds: [{ variant: 'refused', subject: 'desk' }],
    spans: [{ id: 'desk', kind: 'agent', agentName: 'desk', until: 900, events: [{ name: 'orchescope.rejected', at: 5, attributes: { 'orchescope.rejected.by': 'backpressure' } }] }] },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'tasks come as fast as they are handled', finds: [], spans: messages(calm) },
  { name: 'the same in events', finds: [], spans: supervised(calm) },
  { name: 'tasks come as fast as they are handled, in the words of OpenTelemetry', finds: [], spans: plainMessages(calm) },
  { name: 'four tasks at once', finds: [], spans: messages({ tasks: 4, everyMs: 0, serviceMs: 3000 }) },
  { name: 'tasks wait for a quarter of a second', finds: [], spans: messages({ tasks: 12, everyMs: 0, serviceMs: 20 }) },
  { name: 'a rate limit of a provider refuses', finds: [], spans: supervised(calm, { refused: 5, by: 'rate_limit' }) },
  { name: 'a breaker refuses', finds: [], spans: supervised(calm, { refused: 5, by: 'breaker' }) },
  { name: 'workers are overloaded now and then', finds: [], spans: supervised(calm, { states: times(10, (n) => [1000 * n, 'w1', n % 3 === 0 ? 'overloaded' : 'busy'] as const) }) },
  { name: 'a long task at the end of a short wait', finds: [], spans: messages({ tasks: 6, everyMs: 1000, serviceMs: 1200, workers: 2 }) },
  { name: 'a pool of browsers in which three pages wait a moment', finds: [], spans: await readRecordedRun('agent-pool', 0) },
  { name: 'a queue of reports', finds: [], spans: await readRecordedRun('async-task-queue', 0) },
  { name: 'messages that nobody says anything about', finds: [],
    spans: messages(busy).map((span): Sketch => (span.kind === 'queue' ? { ...span, attributes: { 'orchescope.queue.name': 'tasks' } } : span)) },
  { name: 'messages that were held back on purpose are few', finds: [], spans: await readRecordedRun('message-bus', 0) },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
