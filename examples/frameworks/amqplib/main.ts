import { NodeSDK } from '@opentelemetry/sdk-node';
import { run } from '@orchescope/sdk';
import { traced } from '@orchescope/sdk/amqplib';
import { connect } from 'amqplib';
import { startAmqpBroker } from '../../../sdk/src/test/amqp-broker.ts';

/**
 * Translations by RabbitMQ: a desk sends two texts, an agent translates them. One is in a language it does not know: it
 * is given back once, then rejected, and ends in the queue of dead letters. With AMQP_URL the broker is yours; without
 * it there is a small one in this process.
 */
const sdk = new NodeSDK({ serviceName: 'amqplib-example' });
sdk.start();
const broker = await startAmqpBroker();
const connection = traced(await connect(process.env['AMQP_URL'] ?? broker.url));
const channel = await connection.createChannel();
await channel.assertQueue('translations.dead');
await channel.assertQueue('translations', {
  deadLetterExchange: '',
  deadLetterRoutingKey: 'translations.dead',
});

const translations: string[] = [];
await channel.consume('translations', async (message) => {
  if (!message) return;
  try {
    translations.push(await translate(message.content.toString()));
    channel.ack(message);
  } catch {
    channel.nack(message, false, !message.fields.redelivered);
  }
});

async function translate(text: string): Promise<string> {
  return run({ kind: 'agent', name: 'translator' }, () =>
    run({ kind: 'tool', name: 'dictionary' }, () => {
      if (text.startsWith('?')) throw new RangeError('unknown language');
      return text.toUpperCase();
    }),
  );
}

const buried = new Promise<string>((resolve) => {
  void channel.consume('translations.dead', (message) => {
    if (!message) return;
    channel.ack(message);
    resolve(message.content.toString());
  });
});

run({ kind: 'workflow', name: 'desk' }, () => {
  channel.sendToQueue('translations', Buffer.from('hello'), { messageId: 'text-1' });
  channel.sendToQueue('translations', Buffer.from('?!'), { messageId: 'text-2' });
});
const dead = await buried;

await connection.close();
await broker.stop();
await sdk.shutdown().catch((error: unknown) => {
  console.error(`The spans could not be sent, is the collector running? ${String(error)}`);
  process.exitCode = 1;
});
console.log(`amqplib: translated ${translations.join()}, given up ${dead}`);
