import { context } from '@opentelemetry/api';
import { open, type Operation } from '../operation.ts';
import { safely } from '../safely.ts';
import { Deliveries, rememberQueue, type Verdict } from './amqplib-deliveries.ts';
import { wishesOf, type AmqpMessage } from './amqplib-message.ts';
import { numberAt, textAt } from './json.ts';
import { headersOf } from './queue-message.ts';

type AnyMethod = (...args: never[]) => unknown;

/** A connection or a channel of amqplib, of either of its two APIs. */
export type Amqp =
  | { readonly createChannel: AnyMethod }
  | { readonly publish: AnyMethod; readonly consume: AnyMethod };

/**
 * The same connection or channel, traced: a span for every message that is published, one for every attempt to consume
 * it. The attempt is over when the message is acknowledged or given back; what the callback does stands below it.
 * Messages asked for by `get` have no span.
 *
 * @example const connection = traced(await amqp.connect('amqp://localhost'));
 */
export const traced = <T extends Amqp>(target: T): T => {
  safely('tracing amqplib', () => equip(target as unknown as Methods));
  return target;
};

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Methods = { [name: string]: Method } & { on?: Method };

/** On what is traced already; the ESM and the CommonJS copy know each other's. */
const tracedKey: unique symbol = Symbol.for('orchescope.sdk.amqplib') as never;

const equip = (target: Methods): void => {
  if (tracedKey in target) return;
  Object.defineProperty(target, tracedKey, { value: true });
  if (typeof target['createChannel'] === 'function') equipConnection(target);
  else equipChannel(target);
};

/** Puts a method in front of the one that is there. */
const before = (
  target: Methods,
  name: string,
  make: (call: (...args: unknown[]) => unknown) => Method,
): void => {
  const method = target[name];
  if (typeof method === 'function') target[name] = make((...args) => method.apply(target, args));
};

const equipConnection = (connection: Methods): void => {
  for (const name of ['createChannel', 'createConfirmChannel'])
    before(
      connection,
      name,
      (create) =>
        (...args) =>
          tracedLater(create(...args)),
    );
};

/** One of the two APIs answers with a promise. */
const tracedLater = (channel: unknown): unknown =>
  channel instanceof Promise
    ? channel.then((it: Amqp) => traced(it))
    : typeof channel === 'object' && channel !== null
      ? traced(channel as Amqp)
      : channel;

const equipChannel = (channel: Methods): void => {
  const deliveries = new Deliveries();
  before(channel, 'publish', (publish) => traceSending(channel, publish));
  before(channel, 'consume', (consume) => (queue, callback, options, ...rest) => {
    const heard = typeof callback === 'function' ? (callback as Method) : undefined;
    const source = { queue: String(queue), noAck: Reflect.get(Object(options), 'noAck') === true };
    const hear = (message: AmqpMessage | null): unknown =>
      message === null
        ? heard?.(message)
        : deliveries.handle(source, message, () => heard?.(message));
    return consume(queue, heard ? hear : callback, options, ...rest);
  });
  before(channel, 'assertQueue', (assert) => (queue, options, ...rest) => {
    safely('a queue', () => rememberQueue(queue, options));
    return assert(queue, options, ...rest);
  });
  hearSettling(channel, deliveries);
  channel.on?.('close', () => deliveries.close());
};

/** What ends a message, and what it means; the broker has been told first. */
const hearSettling = (channel: Methods, deliveries: Deliveries): void => {
  const settle = (verdict: Verdict, message: unknown, upTo: unknown): void =>
    safely('settling a message', () =>
      deliveries.settle(verdict, numberAt(message, 'fields', 'deliveryTag') ?? -1, upTo === true),
    );
  const all = { fields: { deliveryTag: 0 } };
  const back = (requeue: unknown): Verdict => (requeue === false ? 'reject' : 'requeue');
  const hear = (name: string, told: (...args: unknown[]) => void): void =>
    before(channel, name, (call) => (...args) => {
      const result = call(...args);
      told(...args);
      return result;
    });
  hear('ack', (message, upTo) => settle('ack', message, upTo));
  hear('ackAll', () => settle('ack', all, true));
  hear('nack', (message, upTo, requeue) => settle(back(requeue), message, upTo));
  hear('nackAll', (requeue) => settle(back(requeue), all, true));
  hear('reject', (message, requeue) => settle(back(requeue), message, false));
};

/** `sendToQueue` publishes too, so it is seen here. */
const traceSending =
  (channel: Methods, publish: (...args: unknown[]) => unknown): Method =>
  (exchange, routingKey, content, options, ...rest) => {
    const operation = safely('a publication', () =>
      startSending(String(exchange), String(routingKey), options),
    );
    if (!operation) return publish(exchange, routingKey, content, options, ...rest);
    const sent = safely('headers', () => withHeaders(options, operation), options);
    const confirms = typeof channel['waitForConfirms'] === 'function';
    const last = confirms ? [endBy(operation, rest[0]), ...rest.slice(1)] : rest;
    try {
      const result = context.with(operation.context, () =>
        publish(exchange, routingKey, content, sent, ...last),
      );
      if (!confirms) operation.succeed(true);
      return result;
    } catch (error) {
      operation.fail(error);
      throw error;
    }
  };

/** On a confirm channel the broker has the last word. */
const endBy =
  (operation: Operation, callback: unknown): Method =>
  (error, ...rest) => {
    if (error === null || error === undefined) operation.succeed(true);
    else operation.fail(error);
    return typeof callback === 'function' ? callback(error, ...rest) : undefined;
  };

const startSending = (exchange: string, routingKey: string, options: unknown): Operation => {
  const destination = exchange || routingKey;
  const messageId = textAt(options, 'messageId');
  return open(
    {
      kind: 'send',
      name: destination,
      system: 'rabbitmq',
      destination,
      ...(messageId !== undefined && { messageId }),
      attributes: wishesOf(exchange, routingKey, options),
    },
    undefined,
    { integration: 'amqplib' },
  );
};

/** A message sent on with the headers it came with is a new one all the same. */
const withHeaders = (options: unknown, operation: Operation): object => {
  const { headers, ...others } = (options ?? {}) as { headers?: object };
  return { ...others, headers: { ...headers, ...headersOf(operation) } };
};
