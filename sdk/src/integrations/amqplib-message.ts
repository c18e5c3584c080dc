import type { Attributes } from '@opentelemetry/api';
import { eventAttributes, orchescope, otel } from '../attributes.ts';
import { at, listAt, numberAt, textAt, told } from './json.ts';
import { takeFailed, type FailedAttempt } from './queue-attempts.ts';
import { readLetter, type Letter } from './queue-message.ts';

/** A message as `consume` hands it over. */
export type AmqpMessage = { readonly fields: object; readonly properties: object };

export const letterOf = (message: AmqpMessage): Letter =>
  readLetter((name) => at(message.properties, 'headers', name));

/** What tells a message from all others, also after it went back to its queue; nothing where nobody has named it. */
export const keyOf = (queue: string, message: AmqpMessage, letter: Letter): string | undefined => {
  const id = textAt(message.properties, 'messageId') ?? letter.carrier['traceparent'];
  return id === undefined ? undefined : `amqp ${queue} ${id}`;
};

/** The attempt that begins, and what is known of the one before. */
export type Attempt = { readonly attempt: number; readonly before: FailedAttempt | undefined };

/** Quorum queues count deliveries, the broker counts rejections, a classic queue only knows that there was one. */
export const attemptOf = (
  queue: string,
  message: AmqpMessage,
  key: string | undefined,
): Attempt => {
  const before = key === undefined ? undefined : takeFailed(key);
  const headers = at(message.properties, 'headers');
  const counted = Math.max(
    numberAt(headers, 'x-delivery-count') ?? 0,
    rejections(headers, queue),
    before?.attempt ?? 0,
    at(message.fields, 'redelivered') === true ? 1 : 0,
  );
  return { attempt: counted + 1, before };
};

const rejections = (headers: unknown, queue: string): number =>
  listAt(headers, 'x-death')
    .filter((death) => at(death, 'queue') === queue && at(death, 'reason') === 'rejected')
    .reduce((sum: number, death) => sum + (numberAt(death, 'count') ?? 0), 0);

/** Deaths that no consumer could tell of: the queue was full, or the broker gave the message up. */
const untold: ReadonlySet<unknown> = new Set(['maxlen', 'delivery_limit']);

/** Why a message that has come to this queue as a dead letter has died, where nobody else has told it. */
export const untoldDeath = (
  message: AmqpMessage,
): { reason: string; attempts?: number } | undefined => {
  const [death] = listAt(message.properties, 'headers', 'x-death');
  const reason = textAt(death, 'reason');
  if (reason === undefined || !untold.has(reason)) return undefined;
  return {
    reason,
    ...told({ attempts: numberAt(message.properties, 'headers', 'x-delivery-count') }),
  };
};

/** What the sender of a message has asked for. */
export const wishesOf = (exchange: string, routingKey: string, options: unknown): Attributes => {
  const delayMs = numberAt(options, 'headers', 'x-delay');
  const priority = numberAt(options, 'priority');
  return {
    ...(exchange !== '' && { [otel.messagingRabbitmqRoutingKey]: routingKey }),
    ...(delayMs !== undefined && { [orchescope.queueDelay]: delayMs / 1000 }),
    ...(priority !== undefined && { [eventAttributes.queue.priority]: priority }),
  };
};
