import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { installSdk, type App } from '../test/install.ts';
import { startReceiver, type Receiver } from '../test/receiver.ts';
import { runApp } from '../test/run-app.ts';

// Programs that know nothing of us but the command line.
let app: App;
let receiver: Receiver;

beforeAll(async () => {
  app = await installSdk(['bullmq', 'amqplib', 'kafkajs']);
});
afterAll(() => app.remove());
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const helpers = join(import.meta.dirname, '../test');

const bullmq = `
const main = async () => {
  const connection = await startPostgres();
  const queue = new Queue('reviews', { connection }, createPostgresBackend);
  const flow = new FlowProducer({ connection }, createPostgresBackend);
  const done = Promise.withResolvers();
  const worker = new Worker('reviews', async () => 1, { connection, drainDelay: 0.2 }, createPostgresBackend);
  worker.on('completed', (job) => job.name === 'whole' && done.resolve());
  await queue.add('review', {});
  const child = { name: 'part', queueName: 'reviews', opts: {} };
  await flow.add({ name: 'whole', queueName: 'reviews', opts: {}, children: [child] });
  await done.promise;
  for (const each of [worker, flow, queue]) await each.close();
  await connection.end();
};
main();`;
const names = '{ createPostgresBackend, FlowProducer, Queue, Worker }';

test.each([
  [
    'app.mjs',
    `import ${names} from 'bullmq';\nimport { startPostgres } from '${helpers}/in-memory-postgres.ts';`,
  ],
  [
    'app.cjs',
    `const ${names} = require('bullmq');\nconst { startPostgres } = require('${helpers}/in-memory-postgres.ts');`,
  ],
])(
  '%s: queues, workers and flows of BullMQ are traced with no line of code',
  async (file, imports) => {
    const { code, stderr } = await runApp(app, file, imports + bullmq, {
      flags: ['--import', '@orchescope/sdk/register'],
      env: { ORCHESCOPE_ENDPOINT: receiver.url, ORCHESCOPE_FETCH: 'off' },
    });
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/attached: .*BullMQ, amqplib, KafkaJS/),
    ]);
    const sent = receiver.spans.map(({ name }) => name).sort();
    expect(sent).toEqual([...Array(3).fill('process reviews'), ...Array(3).fill('send reviews')]);
  },
);

const amqp = `
const main = async () => {
  const broker = await startAmqpBroker();
  const setup = async (model) => {
    const channel = await model.createChannel();
    await channel.assertQueue('jobs');
    await channel.consume('jobs', (message) => {
      channel.ack(message);
      if (++times === 2) done.resolve();
    });
    channel.sendToQueue('jobs', Buffer.from('x'));
  };
  let times = 0;
  const done = Promise.withResolvers();
  const connection = await connect(broker.url);
  await setup(connection);
  const recovering = await connect(broker.url, { recovery: { setup } });
  await done.promise;
  for (const each of [connection, recovering]) await each.close();
  await broker.stop();
};
main();`;

test.each([
  [
    'amqp.mjs',
    `import { connect } from 'amqplib';\nimport { startAmqpBroker } from '${helpers}/amqp-broker.ts';`,
  ],
  [
    'amqp.cjs',
    `const { connect } = require('amqplib');\nconst { startAmqpBroker } = require('${helpers}/amqp-broker.ts');`,
  ],
])('%s: connections of amqplib are traced, and those that recover', async (file, imports) => {
  const { code, stderr } = await runApp(app, file, imports + amqp, {
    flags: ['--import', '@orchescope/sdk/register'],
    env: { ORCHESCOPE_ENDPOINT: receiver.url, ORCHESCOPE_FETCH: 'off' },
  });
  expect([code, stderr]).toEqual([0, expect.stringContaining('amqplib')]);
  const sent = receiver.spans.map(({ name }) => name).sort();
  expect(sent).toEqual(['process jobs', 'process jobs', 'send jobs', 'send jobs']);
});

const kafka = `
const main = async () => {
  const broker = await startKafkaBroker();
  const client = new Kafka({ brokers: [broker.address], logLevel: logLevel.NOTHING });
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner });
  const consumer = client.consumer({ groupId: 'g', maxWaitTimeInMs: 50 });
  const done = Promise.withResolvers();
  for (const each of [producer, consumer]) await each.connect();
  await consumer.subscribe({ topic: 'jobs', fromBeginning: true });
  await consumer.run({ eachMessage: async () => done.resolve() });
  await producer.send({ topic: 'jobs', messages: [{ value: 'x' }] });
  await done.promise;
  for (const each of [producer, consumer]) await each.disconnect();
  await broker.stop();
};
main();`;
const kafkaNames = '{ Kafka, logLevel, Partitioners }';

test.each([
  [
    'kafka.mjs',
    `import kafkajs from 'kafkajs';\nimport { startKafkaBroker } from '${helpers}/kafka-broker.ts';\nconst ${kafkaNames} = kafkajs;`,
  ],
  [
    'kafka.cjs',
    `const ${kafkaNames} = require('kafkajs');\nconst { startKafkaBroker } = require('${helpers}/kafka-broker.ts');`,
  ],
])('%s: producers and consumers of KafkaJS are traced', async (file, imports) => {
  const { code, stderr } = await runApp(app, file, imports + kafka, {
    flags: ['--import', '@orchescope/sdk/register'],
    env: { ORCHESCOPE_ENDPOINT: receiver.url, ORCHESCOPE_FETCH: 'off' },
  });
  expect([code, stderr]).toEqual([0, expect.stringContaining('KafkaJS')]);
  expect(receiver.spans.map(({ name }) => name).sort()).toEqual(['process jobs', 'send jobs']);
});
