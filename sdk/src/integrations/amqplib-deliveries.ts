import { types } from 'node:util';
import { context, ROOT_CONTEXT } from '@opentelemetry/api';
import { eventAttributes } from '../attributes.ts';
import { emitOn } from '../events.ts';
import { open, type Operation } from '../operation.ts';
import { safely } from '../safely.ts';
import { attemptOf, keyOf, letterOf, untoldDeath, type AmqpMessage } from './amqplib-message.ts';
import { numberAt, textAt } from './json.ts';
import { failure } from './mcp-message.ts';
import { rememberFailed } from './queue-attempts.ts';
import { placeOf, waitSince } from './queue-message.ts';

/** What the program says of a message: it is done, to be tried again, or given up. */
export type Verdict = 'ack' | 'requeue' | 'reject';

/** Whether the broker takes a message as done once it is delivered. */
type Source = { readonly queue: string; readonly noAck: boolean };

/** The messages a channel has delivered and the program is at. */
export class Deliveries {
  private readonly open = new Map<number, Delivery>();

  /** The program's callback, with a span around what it does. */
  handle(source: Source, message: AmqpMessage, callback: () => unknown): unknown {
    const delivery = safely('a delivery', () => this.begin(source, message));
    return delivery ? delivery.run(callback) : callback();
  }

  /** `tag` 0 with `upTo` means all. */
  settle(verdict: Verdict, tag: number, upTo: boolean): void {
    for (const [each, delivery] of this.open)
      if (upTo ? tag === 0 || each <= tag : each === tag) delivery.settle(verdict);
  }

  /** Whatever was not settled will be delivered again. */
  close(): void {
    for (const delivery of this.open.values()) delivery.lose();
  }

  private begin(source: Source, message: AmqpMessage): Delivery {
    const tag = numberAt(message.fields, 'deliveryTag') ?? 0;
    const delivery = new Delivery(source, message, () => this.open.delete(tag));
    this.open.set(tag, delivery);
    return delivery;
  }
}

/** One attempt at a message: over when the callback has come back and the message is settled. */
class Delivery {
  private readonly operation: Operation;
  private readonly queue: string;
  private readonly key: string | undefined;
  private readonly attempt: number;
  private readonly worker: string;
  private readonly ended: () => void;
  private handled = false;
  private settled: boolean;

  constructor({ queue, noAck }: Source, message: AmqpMessage, ended: () => void) {
    const letter = letterOf(message);
    this.queue = queue;
    this.settled = noAck;
    this.ended = ended;
    this.key = keyOf(queue, message, letter);
    this.worker = textAt(message.fields, 'consumerTag') ?? '';
    const { attempt, before } = attemptOf(queue, message, this.key);
    this.attempt = attempt;
    const sinceMs = attempt === 1 ? letter.sentMs : before?.readyMs;
    const messageId = textAt(message.properties, 'messageId');
    this.operation = open(
      {
        kind: 'process',
        name: queue,
        system: 'rabbitmq',
        destination: queue,
        attempt,
        ...(messageId !== undefined && { messageId }),
        ...(sinceMs !== undefined && { queuedMs: waitSince(sinceMs) }),
        attributes: { [eventAttributes.worker.id]: this.worker },
        ...placeOf(letter),
      },
      undefined,
      { integration: 'amqplib' },
    );
    if (before?.traceparent !== undefined)
      this.operation.link({ traceparent: before.traceparent }, 'retries');
    const death = untoldDeath(message);
    if (death) this.operation.emit({ type: 'dead_letter', destination: queue, ...death });
    this.tellWorker('busy');
  }

  run(callback: () => unknown): unknown {
    let result: unknown;
    try {
      result = context.with(this.operation.context, callback);
    } catch (error) {
      this.fail(error);
      throw error;
    }
    // amqplib looks at no result: one that is lazy must stay so, one that is rejected must be heard of.
    if (!types.isPromise(result)) this.hasHandled();
    else
      return result.then(
        () => this.hasHandled(),
        (error: unknown) => {
          this.fail(error);
          throw error;
        },
      );
    return result;
  }

  settle(verdict: Verdict): void {
    if (this.settled) return;
    this.settled = true;
    if (verdict === 'ack') return this.endWhenOver();
    this.tellVerdict(verdict);
    this.fail(failure(verdict === 'requeue' ? 'requeued' : 'rejected'));
  }

  lose(): void {
    this.fail(failure('channel_closed', 'the channel was closed before the message was settled'));
  }

  private tellVerdict(verdict: 'requeue' | 'reject'): void {
    const { attempt } = this;
    const { traceparent } = this.operation.carrier();
    const again = verdict === 'requeue';
    // Dead letters may come back as well, when the broker says so.
    const readyMs = again ? Date.now() : undefined;
    if (this.key !== undefined) rememberFailed(this.key, { traceparent, attempt, readyMs });
    this.operation.emit(
      again
        ? { type: 'retry', attempt, delayMs: 0, reason: 'requeued' }
        : {
            type: 'dead_letter',
            destination: deadLettersOf(this.queue),
            reason: 'rejected',
            attempts: attempt,
          },
    );
  }

  private hasHandled(): void {
    this.handled = true;
    this.endWhenOver();
  }

  private endWhenOver(): void {
    if (!this.handled || !this.settled) return;
    this.operation.succeed(true);
    this.end();
  }

  private fail(error: unknown): void {
    this.operation.fail(error);
    this.end();
  }

  private end(): void {
    this.ended();
    this.tellWorker('idle');
  }

  private tellWorker(state: 'busy' | 'idle'): void {
    emitOn(ROOT_CONTEXT, { type: 'worker', id: this.worker, state, pool: this.queue });
  }
}

const queuesAtMost = 1_000;

/** Queue -> where its dead letters go, as far as this program has declared it. */
const deadLetters = new Map<string, string>();

/** Hears how a queue is declared. */
export const rememberQueue = (queue: unknown, options: unknown): void => {
  const told = (name: string, argument: string) =>
    textAt(options, name) ?? textAt(options, 'arguments', argument);
  const exchange = told('deadLetterExchange', 'x-dead-letter-exchange');
  if (typeof queue !== 'string' || exchange === undefined || deadLetters.size >= queuesAtMost)
    return;
  const routingKey = told('deadLetterRoutingKey', 'x-dead-letter-routing-key');
  deadLetters.set(queue, exchange === '' ? (routingKey ?? queue) : exchange);
};

/** A policy of the broker's may name a place that no program knows. */
const deadLettersOf = (queue: string): string => deadLetters.get(queue) ?? 'unknown';
