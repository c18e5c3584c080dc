import type { FindingCase } from '../../../src/analysis/detectors/corpus.testing.ts';
import { times } from '../../../src/analysis/detectors/shapes.testing.ts';
import { readRecordedRun } from '../recorded.ts';
import { deliver, inPlainWords } from './deliveries.ts';

const three = ['Malformed', 'Malformed', 'Malformed'];
const stuck = { variant: 'redelivered', subject: 'orders' };
const dead = { variant: 'dead_letter', subject: 'orders' };

const found: readonly FindingCase[] = [
  { name: 'an order nobody can read fails three times and is put aside', finds: [dead], spans: await readRecordedRun('message-bus', 0) },
  { name: 'a report without data fails three times', finds: [{ variant: 'redelivered', subject: 'reports' }], spans: await readRecordedRun('async-task-queue', 0) },
  { name: 'one message fails nine times', finds: [stuck], spans: deliver([{ id: 'm1', errors: times(9, () => 'Malformed') }]) },
  { name: 'with the words of OpenTelemetry alone', finds: [stuck], spans: deliver([{ id: 'm1', errors: three }, { id: 'm2', errors: [''] }]).map(inPlainWords) },
  { name: 'no id: deliveries link to the span that sent it', finds: [stuck],
    spans: deliver([{ id: 'm1', errors: three }]).map((span) => ({ ...span, attributes: { 'orchescope.queue.name': 'orders' } })) },
  { name: 'it fails of something else each time', finds: [stuck], spans: deliver([{ id: 'm1', errors: ['Malformed', 'Timeout', 'TypeError'] }]) },
  { name: 'forty messages of one queue: one finding', finds: [stuck], spans: deliver(times(40, (n) => ({ id: `m${n}`, errors: three }))) },
  { name: 'two queues with one each', finds: [stuck, { variant: 'redelivered', subject: 'mails' }], spans: deliver([{ id: 'm1', errors: three }, { id: 'm1', queue: 'mails', errors: three }]) },
  { name: 'put aside at the first failure', finds: [dead], spans: deliver([{ id: 'm1', errors: ['SchemaError'], dead: 'orders.dead' }, { id: 'm2', errors: [''] }]) },
  { name: 'put aside by an agent that handles it, with no span of a queue', finds: [{ variant: 'dead_letter', subject: 'clerk' }],
    spans: [{ id: 'a', kind: 'agent', agentName: 'clerk', name: '', until: 900, events: [{ name: 'orchescope.dead_letter', at: 800, attributes: { 'orchescope.dead_letter.destination': 'later', 'orchescope.dead_letter.attempts': 5 } }] }] },
  { name: 'it went well once and then failed three times in a row', finds: [stuck], spans: deliver([{ id: 'm1', errors: ['', ...three] }]) },
];

const lookAlikes: readonly FindingCase[] = [
  { name: 'two failures, and then it goes well', finds: [], spans: deliver([{ id: 'm1', errors: ['Timeout', 'Timeout', ''] }]) },
  { name: 'six failures, and then it goes well', finds: [], spans: deliver([{ id: 'm1', errors: [...times(6, () => 'Timeout'), ''] }]) },
  { name: 'one message, two failures', finds: [], spans: deliver([{ id: 'm1', errors: ['Timeout', 'Timeout'] }]) },
  { name: 'nine messages that fail once each: the service was down', finds: [], spans: deliver(times(9, (n) => ({ id: `m${n}`, errors: ['Down'] }))) },
  { name: 'the same in the words of OpenTelemetry', finds: [], spans: deliver(times(9, (n) => ({ id: `m${n}`, errors: ['Down'] }))).map(inPlainWords) },
  { name: 'messages without ids or links, five of which fail', finds: [], spans: deliver(times(5, (n) => ({ id: `m${n}`, errors: ['Down'], rest: { links: [] } }))).map((span) => ({ ...span, attributes: { 'orchescope.queue.name': 'orders' } })) },
  { name: 'one id in three queues, one failure each', finds: [], spans: deliver(['a', 'b', 'c'].map((queue) => ({ id: 'm1', queue, errors: ['Down'] }))) },
  { name: 'the queue of dead letters is read', finds: [], spans: deliver([{ id: 'm1', queue: 'orders.dead', errors: [''] }]) },
  { name: 'a step that is tried three times is no message', finds: [], spans: await readRecordedRun('task-store', 0) },
  { name: 'a poller that fails to receive, ten times', finds: [],
    spans: times(10, (n) => ({ id: `r${n}`, kind: 'queue', rawKind: 'receive', otelKind: 5, name: 'receive orders', at: 100 * n, status: 'error' as const, attributes: { 'messaging.destination.name': 'orders', 'messaging.message.id': 'm' } })) },
  { name: 'batches of two messages that fail', finds: [],
    spans: deliver([{ id: 'm1', errors: three }, { id: 'm2', errors: [''] }]).map((span) => ({ ...span, attributes: { 'orchescope.queue.name': 'orders' }, ...(span.id.startsWith('process m1') ? { links: ['m1', 'm2'].map((id) => ({ to: `send ${id}`, trace: 'trace', rel: 'caused_by' })) } : {}) })) },
  { name: 'a saga, letters between peers', finds: [], spans: await readRecordedRun('peer-to-peer', 0) },
];

export const truth: readonly FindingCase[] = [...found, ...lookAlikes];
