import { safely } from '../safely.ts';
import { at, textAt } from './json.ts';
import type { Member } from './kafkajs-message.ts';
import { tracingEachBatch, tracingEachMessage } from './kafkajs-process.ts';
import { tracingSend, tracingSendBatch, type Call, type Settings } from './kafkajs-send.ts';

type AnyMethod = (...args: never[]) => unknown;

/** A `Kafka`, a producer or a consumer of KafkaJS. */
export type KafkaJs =
  | { readonly producer: AnyMethod; readonly consumer: AnyMethod }
  | { readonly send: AnyMethod; readonly sendBatch: AnyMethod }
  | { readonly run: AnyMethod; readonly subscribe: AnyMethod };

export type KafkaOptions = {
  /** Topics that hold what was given up: Kafka has no dead letters, so only the program knows them. */
  readonly deadLetters?: readonly string[];
};

/**
 * The same `Kafka`, producer or consumer, traced: a span for what is sent, one for every attempt at a message, and the
 * trace travels in the message's headers. A batch that is worked on as one is a trace of its own, with links.
 *
 * @example const kafka = traced(new Kafka({ brokers }), { deadLetters: ['reviews.dead'] });
 */
export const traced = <T extends KafkaJs>(target: T, options: KafkaOptions = {}): T => {
  safely('tracing KafkaJS', () => equip(target as unknown as Methods, options));
  return target;
};

type Method = (this: unknown, ...args: unknown[]) => unknown;
type Methods = { [name: string]: Method };

/** On what is traced already; the ESM and the CommonJS copy know each other's. */
const tracedKey: unique symbol = Symbol.for('orchescope.sdk.kafkajs') as never;

const equip = (target: Methods, options: KafkaOptions): void => {
  const known = Object.getOwnPropertyDescriptor(target, tracedKey)?.value as Settings | undefined;
  if (known) {
    // Attached by `register` before the program said which topics are which.
    known.deadLetters = options.deadLetters ?? known.deadLetters;
    return;
  }
  const settings: Settings = { deadLetters: options.deadLetters ?? [] };
  Object.defineProperty(target, tracedKey, { value: settings });
  if (typeof target['producer'] === 'function') equipFactories(target, options);
  else if (typeof target['send'] === 'function') equipProducer(target, settings);
  else equipConsumer(target);
};

/** Puts a function in front of the method that is there. */
const before = (target: Methods, name: string, make: (call: Call) => Call): void => {
  const method = target[name];
  if (typeof method === 'function')
    target[name] = function (this: unknown, ...args) {
      return make((...given) => method.apply(this, given))(...args);
    };
};

/** Of one `Kafka`, or of all when it is the prototype. */
export const equipFactories = (owner: Methods, options: KafkaOptions): void => {
  for (const name of ['producer', 'consumer'])
    before(
      owner,
      name,
      (create) =>
        (...args) =>
          traced(create(...args) as KafkaJs, options),
    );
};

const equipProducer = (producer: Methods, settings: Settings): void => {
  const equipSending = (sender: Methods): void => {
    before(sender, 'send', (send) => tracingSend(send, settings));
    before(sender, 'sendBatch', (send) => tracingSendBatch(send, settings));
  };
  equipSending(producer);
  before(producer, 'transaction', (begin) => async (...args) => {
    const transaction = await begin(...args);
    safely('a transaction', () => equipSending(transaction as Methods));
    return transaction;
  });
};

const equipConsumer = (consumer: Methods): void => {
  let member: Member = { group: '', id: '' };
  const joined = textAt(consumer, 'events', 'GROUP_JOIN');
  if (joined !== undefined)
    consumer['on']?.(joined, (event: unknown) => {
      const group = textAt(event, 'payload', 'groupId') ?? '';
      member = { group, id: textAt(event, 'payload', 'memberId') ?? group };
    });
  before(consumer, 'run', (run) => (config, ...rest) => {
    const eachMessage = at(config, 'eachMessage');
    const eachBatch = at(config, 'eachBatch');
    const handlers = {
      ...(isHandler(eachMessage) && { eachMessage: tracingEachMessage(eachMessage, () => member) }),
      ...(isHandler(eachBatch) && { eachBatch: tracingEachBatch(eachBatch, () => member) }),
    };
    return run(config && { ...config, ...handlers }, ...rest);
  });
};

const isHandler = (value: unknown): value is (payload: never) => unknown =>
  typeof value === 'function';
