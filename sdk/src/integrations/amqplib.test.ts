import { connect, type Channel, type ChannelModel, type ConsumeMessage } from 'amqplib';
import { connect as connectWithCallbacks } from 'amqplib/callback_api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { run } from '../index.ts';
import { startAmqpBroker, type AmqpBroker } from '../test/amqp-broker.ts';
import { record, type Recording } from '../test/record.ts';
import { traced } from './amqplib.ts';

// The real amqplib, over a real connection to a small broker.
let broker: AmqpBroker;
let connection: ChannelModel;
let channel: Channel;
let recording: Recording;
let number = 0;
let queue: string;

beforeAll(async () => {
  broker = await startAmqpBroker();
});
afterAll(() => broker.stop());
beforeEach(async () => {
  recording = record();
  queue = `jobs-${number++}`;
  connection = traced(await connect(broker.url));
  channel = await connection.createChannel();
  await channel.assertQueue(queue);
});
afterEach(async () => {
  await connection.close();
  await recording.stop();
});

const job = Buffer.from('private words');
const spansOf = (verb: string, name = queue) =>
  recording.spans().filter((span) => span.name === `${verb} ${name}`);
const processed = (times: number, name = queue) =>
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
type Handle = (message: ConsumeMessage) => unknown;
const consume = (handle: Handle, name = queue) =>
  channel.consume(name, (message) => (message ? handle(message) : undefined), {
    consumerTag: `worker-${name}`,
  });

test('a message that is sent and worked on is one trace, with the work below', async () => {
  await consume(async (message) => {
    await run({ kind: 'agent', name: 'reviewer' }, () =>
      run({ kind: 'tool', name: 'read' }, () => message.content.length),
    );
    channel.ack(message);
  });
  const sent = run({ kind: 'workflow', name: 'shop' }, () =>
    channel.sendToQueue(queue, job, { messageId: 'm-1', priority: 2, headers: { own: 'kept' } }),
  );
  const [done] = await processed(1);
  expect(sent).toBe(true);
  expect(recording.tree()).toBe(
    [
      'invoke_workflow shop',
      `  send ${queue}`,
      `    process ${queue}`,
      '      invoke_agent reviewer',
      '        execute_tool read',
    ].join('\n'),
  );
  const common = {
    'orchescope.name': queue,
    'orchescope.queue.system': 'rabbitmq',
    'orchescope.queue.name': queue,
    'orchescope.queue.message.id': 'm-1',
  };
  expect(spansOf('send')[0]?.attributes).toEqual({
    ...common,
    'orchescope.kind': 'send',
    'orchescope.queue.priority': 2,
    'orchescope.run.id': expect.any(String),
  });
  expect(done?.attributes).toEqual({
    ...common,
    'orchescope.kind': 'process',
    'orchescope.queue.wait': expect.any(Number),
    'orchescope.retry.attempt': 1,
    'orchescope.worker.id': `worker-${queue}`,
  });
  expect(await recording.points('orchescope.queue.wait.duration')).toMatchObject([
    { attributes: { 'orchescope.queue.name': queue }, value: { count: 1 } },
  ]);
});

test('the program finds its own headers and content as they were', async () => {
  const got = new Promise<ConsumeMessage>((resolve) => void consume(resolve));
  const options = { headers: { own: 'kept' }, correlationId: 'c-1' };
  channel.sendToQueue(queue, job, options);
  const { content, properties } = await got;
  expect(content).toEqual(job);
  expect([properties.correlationId, properties.headers?.['own']]).toEqual(['c-1', 'kept']);
  expect(options).toEqual({ headers: { own: 'kept' }, correlationId: 'c-1' });
});

test('a message that is given back is tried again, beside the first attempt', async () => {
  let attempts = 0;
  await consume((message) => {
    attempts += 1;
    if (attempts < 3) channel.nack(message);
    else channel.ack(message);
  });
  channel.sendToQueue(queue, job);
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
  expect(
    spans.map(({ attributes }) => [
      attributes['orchescope.retry.attempt'],
      attributes['error.type'],
    ]),
  ).toEqual([
    [1, 'requeued'],
    [2, 'requeued'],
    [3, undefined],
  ]);
  expect(events(spans[1])).toEqual([
    {
      event: 'orchescope.retry',
      'orchescope.retry.attempt': 2,
      'orchescope.retry.delay': 0,
      'orchescope.retry.reason': 'requeued',
    },
  ]);
});

test('a message that is rejected is a dead letter, and the trace goes on where it ends up', async () => {
  const dead = `${queue}.dead`;
  await channel.assertQueue(dead);
  const bad = `${queue}.bad`;
  await channel.assertQueue(bad, { deadLetterExchange: '', deadLetterRoutingKey: dead });
  await consume((message) => channel.reject(message, false), bad);
  await consume((message) => channel.ack(message), dead);
  channel.sendToQueue(bad, job);
  const [buried] = await processed(1, dead);
  const [failed] = spansOf('process', bad);
  expect(events(failed)).toEqual([
    {
      event: 'orchescope.dead_letter',
      'orchescope.dead_letter.destination': dead,
      'orchescope.dead_letter.reason': 'rejected',
      'orchescope.dead_letter.attempts': 1,
    },
  ]);
  expect(failed?.attributes['error.type']).toBe('rejected');
  expect(buried?.spanContext().traceId).toBe(failed?.spanContext().traceId);
  expect([buried?.attributes['orchescope.retry.attempt'], events(buried)]).toEqual([1, []]);
});

test('attempts by way of a queue that holds dead letters back are counted by the broker', async () => {
  const work = `${queue}.work`;
  const wait = `${queue}.wait`;
  await channel.assertQueue(work, { deadLetterExchange: '', deadLetterRoutingKey: wait });
  const back = { deadLetterExchange: '', deadLetterRoutingKey: work, messageTtl: 20 };
  await channel.assertQueue(wait, back);
  let attempts = 0;
  await consume((message) => {
    attempts += 1;
    if (attempts < 3) channel.nack(message, false, false);
    else channel.ack(message);
  }, work);
  channel.sendToQueue(work, job);
  const spans = await processed(3, work);
  expect(spans.map((span) => span.attributes['orchescope.retry.attempt'])).toEqual([1, 2, 3]);
  expect(spans.map((span) => 'orchescope.queue.wait' in span.attributes)).toEqual([
    true,
    false,
    false,
  ]);
  expect(linksOf(spans[2])).toEqual([['retries', idOf(spans[1])]]);
});

test('messages acknowledged together end together', async () => {
  const got: ConsumeMessage[] = [];
  await consume((message) => got.push(message));
  for (const priority of [1, 2, 3]) channel.sendToQueue(queue, job, { priority });
  await vi.waitFor(() => expect(got).toHaveLength(3));
  expect(spansOf('process')).toEqual([]);
  const busy = async () => (await recording.points('orchescope.worker.busy')).at(-1)?.value;
  expect(await busy()).toBe(1);
  channel.ack(got[1] as ConsumeMessage, true);
  expect(spansOf('process')).toHaveLength(2);
  channel.ackAll();
  expect(spansOf('process')).toHaveLength(3);
  expect(await busy()).toBe(0);
});

test('with noAck the work is over when the callback is', async () => {
  await channel.consume(queue, async () => run({ kind: 'tool', name: 'read' }, () => {}), {
    noAck: true,
  });
  channel.sendToQueue(queue, job);
  const [done] = await processed(1);
  expect(recording.tree()).toBe(`send ${queue}\n  process ${queue}\n    execute_tool read`);
  expect(done?.attributes['error.type']).toBeUndefined();
});

test('what the callback throws comes out as it was, and is on the span', async () => {
  const heard = new Promise((resolve) => process.once('unhandledRejection', resolve));
  const error = new RangeError('no');
  await consume(async () => {
    throw error;
  });
  channel.sendToQueue(queue, job);
  const [failed] = await processed(1);
  expect(await heard).toBe(error);
  expect(failed?.attributes['error.type']).toBe('RangeError');
});

test('what is not settled when its channel closes is told to be lost', async () => {
  const other = await connection.createChannel();
  await other.consume(queue, () => {});
  channel.sendToQueue(queue, job);
  await vi.waitFor(async () =>
    expect(await recording.points('orchescope.worker.busy')).toHaveLength(1),
  );
  await other.close();
  const [lost] = await processed(1);
  expect(lost?.attributes['error.type']).toBe('channel_closed');
});

test('an exchange is the destination, with the routing key beside', async () => {
  await channel.assertExchange('orders', 'direct');
  await channel.bindQueue(queue, 'orders', 'eu');
  await consume((message) => channel.ack(message));
  channel.publish('orders', 'eu', job, { headers: { 'x-delay': 1_500 } });
  const [done] = await processed(1);
  const [sent] = spansOf('send', 'orders');
  expect(sent?.attributes).toMatchObject({
    'orchescope.queue.name': 'orders',
    'messaging.rabbitmq.destination.routing_key': 'eu',
    'orchescope.queue.delay': 1.5,
  });
  expect(done?.parentSpanContext?.spanId).toBe(idOf(sent));
});

test('on a confirm channel the broker has the last word', async () => {
  const confirming = await connection.createConfirmChannel();
  const confirmed = new Promise((resolve) =>
    confirming.sendToQueue(queue, job, {}, (error) => resolve(error)),
  );
  expect(spansOf('send')).toEqual([]);
  expect(await confirmed).toBeNull();
  expect(spansOf('send')).toHaveLength(1);
  confirming.sendToQueue(queue, job);
  await confirming.waitForConfirms();
  expect(spansOf('send')).toHaveLength(2);
  confirming.once('error', () => {});
  const refused = new Promise((resolve) =>
    confirming.publish('nowhere', 'k', job, {}, (error) => resolve(error)),
  );
  expect(await refused).toBeInstanceOf(Error);
  expect(spansOf('send', 'nowhere')[0]?.attributes['error.type']).toBeDefined();
});

test('what cannot be sent throws as ever, and has failed', () => {
  expect(() => channel.sendToQueue(queue, 'no buffer' as unknown as Buffer)).toThrow(TypeError);
  expect(spansOf('send')[0]?.attributes['error.type']).toBe('TypeError');
});

test.each([
  ['none', {}],
  ['not a trace', { traceparent: 'what is this', 'orchescope-sent': 'soon' }],
  ['of another type', { traceparent: 7, tracestate: { a: 1 }, 'orchescope-sent': [true] }],
])('a carrier that is %s is ignored', async (_, headers) => {
  const bare = await connect(broker.url);
  const sender = await bare.createChannel();
  await consume((message) => channel.ack(message));
  sender.sendToQueue(queue, job, { headers });
  const [done] = await processed(1);
  expect([done?.parentSpanContext, done?.links]).toEqual([undefined, []]);
  expect(done?.attributes).not.toHaveProperty('orchescope.queue.wait');
  await bare.close();
});

test('a consumer that began inside a span does not stand below it, and long after the sending links to it', async () => {
  await run({ kind: 'workflow', name: 'boot' }, () => consume((message) => channel.ack(message)));
  const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000);
  channel.sendToQueue(queue, job);
  now.mockRestore();
  const [late] = await processed(1);
  expect(late?.parentSpanContext).toBeUndefined();
  expect(linksOf(late)).toEqual([['caused_by', idOf(spansOf('send')[0])]]);
  expect(late?.attributes).not.toHaveProperty('orchescope.run.id');
});

test('the API of callbacks is traced as well', async () => {
  const done = Promise.withResolvers<void>();
  connectWithCallbacks(broker.url, (error, model) => {
    if (error) return done.reject(error);
    traced(model).createChannel((_, other) => {
      other.consume(queue, (message) => {
        if (message) other.ack(message);
        model.close(() => done.resolve());
      });
      other.sendToQueue(queue, job);
    });
  });
  await done.promise;
  expect(recording.tree()).toBe(`send ${queue}\n  process ${queue}`);
});
