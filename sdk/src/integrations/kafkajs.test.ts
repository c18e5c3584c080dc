import { Kafka, logLevel, Partitioners, type Consumer, type Producer } from 'kafkajs';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../index.ts';
import { startKafkaBroker, type KafkaBroker } from '../test/kafka-broker.ts';
import { record, type Recording } from '../test/record.ts';
import { traced } from './kafkajs.ts';

// The real KafkaJS, over real connections to a small broker.
let broker: KafkaBroker;
let bare: Kafka;
let producer: Producer;
let recording: Recording;
let number = 0;
let topic: string;
let consumers: Consumer[] = [];

/** An error that KafkaJS does not take for a bug. */
class Unreadable extends Error {
  override name = 'Unreadable';
}

const retry = { initialRetryTime: 20, retries: 5 };
const create = (): Kafka =>
  new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING, retry });
const producers = { createPartitioner: Partitioners.DefaultPartitioner };

beforeAll(async () => {
  broker = await startKafkaBroker();
});
afterAll(() => broker.stop());
beforeEach(async () => {
  recording = record();
  topic = `reviews-${number++}`;
  bare = create();
  producer = traced(create(), { deadLetters: [`${topic}.dead`] }).producer(producers);
  await producer.connect();
});
afterEach(async () => {
  await Promise.all([producer, ...consumers].map((each) => each.disconnect()));
  consumers = [];
  await recording.stop();
});

const consumer = async (name = topic): Promise<Consumer> => {
  const made = traced(bare).consumer({ groupId: `group-${name}`, maxWaitTimeInMs: 50, retry });
  consumers.push(made);
  await made.connect();
  await made.subscribe({ topic: name, fromBeginning: true });
  return made;
};
const spansOf = (verb: string, name = topic) =>
  recording.spans().filter((span) => span.name === `${verb} ${name}`);
const processed = (times: number, name = topic) =>
  vi.waitFor(
    () => {
      const spans = spansOf('process', name);
      expect(spans).toHaveLength(times);
      return spans;
    },
    { timeout: 10_000, interval: 10 },
  );
const events = (span: ReadableSpan | undefined) =>
  span?.events
    .filter((event) => event.name !== 'exception')
    .map(({ name, attributes }) => Object.assign({ event: name }, attributes));
const linksOf = (span: ReadableSpan | undefined) =>
  span?.links.map((link) => [link.attributes?.['orchescope.link.rel'], link.context.spanId]);
const idOf = (span: ReadableSpan | undefined) => span?.spanContext().spanId;

test('a message that is sent and worked on is one trace, with the work below', async () => {
  const reader = await consumer();
  await reader.run({
    eachMessage: async ({ message }) =>
      run({ kind: 'agent', name: 'reviewer' }, () =>
        run({ kind: 'tool', name: 'read' }, () => void message.value?.toString()),
      ),
  });
  await run({ kind: 'workflow', name: 'shop' }, () =>
    producer.send({ topic, messages: [{ key: 'k-1', value: 'private words' }] }),
  );
  const [done] = await processed(1);
  expect(recording.tree()).toBe(
    [
      'invoke_workflow shop',
      `  send ${topic}`,
      `    process ${topic}`,
      '      invoke_agent reviewer',
      '        execute_tool read',
    ].join('\n'),
  );
  const common = {
    'orchescope.name': topic,
    'orchescope.queue.system': 'kafka',
    'orchescope.queue.name': topic,
    'messaging.destination.partition.id': '0',
    'messaging.kafka.offset': 0,
  };
  expect(spansOf('send')[0]?.attributes).toEqual({
    ...common,
    'orchescope.kind': 'send',
    'orchescope.queue.message.key': 'k-1',
    'orchescope.run.id': expect.any(String),
  });
  expect(done?.attributes).toEqual({
    ...common,
    'orchescope.kind': 'process',
    'orchescope.queue.message.id': '0:0',
    'orchescope.queue.wait': expect.any(Number),
    'orchescope.retry.attempt': 1,
    'orchescope.worker.id': `group-${topic}-member`,
    'messaging.consumer.group.name': `group-${topic}`,
  });
  expect(await recording.points('orchescope.worker.busy')).toMatchObject([
    { attributes: { 'orchescope.worker.pool': `group-${topic}` }, value: 0 },
  ]);
});

test('the program finds its own headers and values as they were', async () => {
  const got = Promise.withResolvers<unknown>();
  const reader = await consumer();
  await reader.run({ eachMessage: async ({ message }) => got.resolve(message) });
  const sent = { topic, messages: [{ value: 'v', headers: { own: ['a', 'b'] } }] };
  const [placed] = await producer.send(sent);
  expect(await got.promise).toMatchObject({
    value: Buffer.from('v'),
    headers: { own: [Buffer.from('a'), Buffer.from('b')] },
  });
  expect(placed).toMatchObject({ topicName: topic, partition: 0, baseOffset: '0' });
  expect(sent).toEqual({ topic, messages: [{ value: 'v', headers: { own: ['a', 'b'] } }] });
});

test('a message that throws is tried again, until the program gives it up to its dead letters', async () => {
  const reader = await consumer();
  let attempts = 0;
  await reader.run({
    eachMessage: async ({ message }) => {
      attempts += 1;
      if (attempts < 3) throw new Unreadable('no');
      await producer.send({ topic: `${topic}.dead`, messages: [{ value: message.value }] });
    },
  });
  await producer.send({ topic, messages: [{ value: 'poison' }] });
  const spans = await processed(3);
  const [sent] = spansOf('send');
  expect(spans.map((span) => span.parentSpanContext?.spanId)).toEqual(
    Array.from({ length: 3 }, () => idOf(sent)),
  );
  expect(spans.map(linksOf)).toEqual([
    [],
    [['retries', idOf(spans[0])]],
    [['retries', idOf(spans[1])]],
  ]);
  expect(spans.map((span) => 'orchescope.queue.wait' in span.attributes)).toEqual([
    true,
    false,
    false,
  ]);
  expect(spans.map(events)).toEqual([
    [
      {
        event: 'orchescope.retry',
        'orchescope.retry.attempt': 1,
        'orchescope.retry.reason': 'Unreadable',
      },
    ],
    [
      {
        event: 'orchescope.retry',
        'orchescope.retry.attempt': 2,
        'orchescope.retry.reason': 'Unreadable',
      },
    ],
    [
      {
        event: 'orchescope.dead_letter',
        'orchescope.dead_letter.destination': `${topic}.dead`,
        'orchescope.dead_letter.attempts': 3,
      },
    ],
  ]);
  expect(spansOf('send', `${topic}.dead`)[0]?.parentSpanContext?.spanId).toBe(idOf(spans[2]));
});

test('an error that KafkaJS takes for a bug ends the consumer, and is told so', async () => {
  const reader = await consumer();
  await reader.run({
    eachMessage: async () => {
      throw new TypeError('a bug');
    },
  });
  await producer.send({ topic, messages: [{ value: 'v' }] });
  const [failed] = await processed(1);
  expect(events(failed)).toEqual([
    { event: 'orchescope.terminate', 'orchescope.terminate.reason': 'TypeError' },
  ]);
});

test('a batch that is worked on as one links to the sending of each message', async () => {
  await producer.send({ topic, messages: [{ value: 'a' }, { value: 'b' }] });
  await producer.send({ topic, messages: [{ value: 'c' }] });
  const reader = await consumer();
  await reader.run({
    eachBatch: async ({ batch }) => run({ kind: 'tool', name: 'sum' }, () => void batch.messages),
  });
  const [done] = await processed(1);
  const sends = spansOf('send');
  expect(done?.parentSpanContext).toBeUndefined();
  expect(linksOf(done)).toEqual(sends.map((sent) => ['caused_by', idOf(sent)]));
  expect(done?.attributes).toMatchObject({
    'messaging.batch.message_count': 3,
    'messaging.kafka.offset': 0,
    'orchescope.queue.wait': expect.any(Number),
  });
  expect(sends.map((sent) => sent.attributes['messaging.batch.message_count'])).toEqual([
    2,
    undefined,
  ]);
  expect(recording.tree()).toContain(`process ${topic}\n  execute_tool sum`);
});

test('sendBatch sends a span a topic, each with its own trace to carry', async () => {
  const other = `${topic}.other`;
  const reader = await consumer(other);
  await reader.run({ eachMessage: async () => {} });
  await producer.sendBatch({
    topicMessages: [
      { topic, messages: [{ value: 'a' }] },
      { topic: other, messages: [{ value: 'b' }] },
    ],
  });
  const [done] = await processed(1, other);
  expect(done?.parentSpanContext?.spanId).toBe(idOf(spansOf('send', other)[0]));
  expect(spansOf('send')).toHaveLength(1);
});

test.each([
  ['none', undefined],
  ['not a trace', { traceparent: 'what is this', 'orchescope-sent': 'soon' }],
  ['bytes that are no text', { traceparent: Buffer.from([0xff, 0xfe]), tracestate: '' }],
])('a carrier that is %s is ignored', async (_, headers) => {
  const sender = create().producer(producers);
  await sender.connect();
  await sender.send({ topic, messages: [headers ? { value: 'v', headers } : { value: 'v' }] });
  await sender.disconnect();
  const reader = await consumer();
  await reader.run({ eachMessage: async () => {} });
  const [done] = await processed(1);
  expect([done?.parentSpanContext, done?.links]).toEqual([undefined, []]);
  // Kafka itself says when the message was made.
  expect(done?.attributes['orchescope.queue.wait']).toBeGreaterThanOrEqual(0);
});

test('long after the sending the work is a trace of its own that links to it', async () => {
  const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
  const sending = producer.send({ topic, messages: [{ value: 'v' }] });
  now.mockRestore();
  await sending;
  const reader = await consumer();
  await run({ kind: 'workflow', name: 'boot' }, () => reader.run({ eachMessage: async () => {} }));
  const [late] = await processed(1);
  expect(late?.parentSpanContext).toBeUndefined();
  expect(linksOf(late)).toEqual([['caused_by', idOf(spansOf('send')[0])]]);
  expect(late?.attributes).not.toHaveProperty('orchescope.run.id');
});

test('what cannot be sent is refused as ever, and has failed', async () => {
  const refused = producer.send({ topic, messages: 'none' as unknown as [] });
  await expect(refused).rejects.toThrow('messages.find is not a function');
  expect(spansOf('send')[0]?.attributes['error.type']).toBe('TypeError');
  const nothing = producer.send(undefined as unknown as { topic: string; messages: [] });
  await expect(nothing).rejects.toThrow(TypeError);
});

test('without an OpenTelemetry SDK messages arrive all the same', async () => {
  await recording.stop();
  const got = Promise.withResolvers<string | undefined>();
  const reader = await consumer();
  await reader.run({ eachMessage: async ({ message }) => got.resolve(message.value?.toString()) });
  await producer.send({ topic, messages: [{ value: 'v' }] });
  expect(await got.promise).toBe('v');
});
