import { NodeSDK } from '@opentelemetry/sdk-node';
import { run } from '@orchescope/sdk';
import { traced } from '@orchescope/sdk/kafkajs';
import { Kafka, logLevel, Partitioners } from 'kafkajs';
import { startKafkaBroker } from '../../../sdk/src/test/kafka-broker.ts';

/**
 * Summaries by Kafka: an intake sends two documents, an agent sums them up. One cannot be read: it is tried a second
 * time, then given up to a topic of dead letters. With KAFKA_BROKER the broker is yours; without it there is a small one
 * in this process.
 */
// KafkaJS 2.2 sets a timer with a negative delay, and Node 24 warns of it.
process.removeAllListeners('warning');
const sdk = new NodeSDK({ serviceName: 'kafkajs-example' });
sdk.start();
const broker = await startKafkaBroker();
const kafka = traced(
  new Kafka({
    brokers: [process.env['KAFKA_BROKER'] ?? broker.address],
    logLevel: logLevel.NOTHING,
    retry: { initialRetryTime: 50 },
  }),
  { deadLetters: ['documents.dead'] },
);

const producer = kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner });
const consumer = kafka.consumer({ groupId: 'summaries', maxWaitTimeInMs: 50 });
await producer.connect();
await consumer.connect();
await consumer.subscribe({ topic: 'documents', fromBeginning: true });

const summaries: string[] = [];
const tries = new Map<string, number>();
const over = Promise.withResolvers<void>();
await consumer.run({
  eachMessage: async ({ message }) => {
    const text = message.value?.toString() ?? '';
    const attempt = (tries.get(text) ?? 0) + 1;
    tries.set(text, attempt);
    try {
      summaries.push(await sumUp(text));
    } catch (error) {
      if (attempt < 2) throw error;
      await producer.send({ topic: 'documents.dead', messages: [{ value: message.value }] });
      over.resolve();
    }
  },
});

class Unreadable extends Error {
  override name = 'Unreadable';
}

async function sumUp(text: string): Promise<string> {
  return run({ kind: 'agent', name: 'summarist' }, () =>
    run({ kind: 'tool', name: 'parse' }, () => {
      if (text.startsWith('?')) throw new Unreadable('no text');
      return text.split(' ')[0] ?? '';
    }),
  );
}

await run({ kind: 'workflow', name: 'intake' }, async () => {
  await producer.send({ topic: 'documents', messages: [{ key: 'd-1', value: 'Trams are late' }] });
  await producer.send({ topic: 'documents', messages: [{ key: 'd-2', value: '?!' }] });
});
await over.promise;

await consumer.disconnect();
await producer.disconnect();
await broker.stop();
await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`kafkajs: summed up ${summaries.join()}, given up ?!`);
