import type { Attributes } from '@opentelemetry/api';
import { eventAttributes, otel } from '../attributes.ts';
import { at, textAt } from './json.ts';
import { readLetter, type Letter } from './queue-message.ts';

/** A message as consumers get it. */
export type KafkaMessage = {
  readonly offset: string;
  /** Epoch milliseconds as a text. */
  readonly timestamp?: string;
  readonly headers?: object;
};

/** Who consumes, as the group has it. */
export type Member = { readonly group: string; readonly id: string };

/** Kafka stamps every message when it is made, so that senders nobody traces have waited as well. */
export const letterOf = ({ headers, timestamp }: KafkaMessage): Letter => {
  const letter = readLetter((name) => at(headers, name));
  const stampedMs = Number(timestamp);
  return { ...letter, sentMs: letter.sentMs ?? (stampedMs > 0 ? stampedMs : undefined) };
};

export const placeAttributes = (
  { group, id }: Member,
  partition: number,
  offset: string | undefined,
): Attributes => ({
  [otel.messagingConsumerGroupName]: group,
  [eventAttributes.worker.id]: id,
  [otel.messagingDestinationPartitionId]: String(partition),
  ...(offset !== undefined && { [otel.messagingKafkaOffset]: Number(offset) }),
});

/** The key of one message, where it is a text or bytes that are one. */
export const keyOf = (messages: readonly unknown[]): string | undefined => {
  const key = messages.length === 1 ? at(messages[0], 'key') : undefined;
  if (key instanceof Uint8Array) return Buffer.from(key).toString();
  return typeof key === 'string' ? key : undefined;
};

/** Where the broker has put a message that was sent alone. */
export const positionOf = (result: unknown): Attributes => {
  const partition = at(result, 0, 'partition');
  const offset = textAt(result, 0, 'baseOffset');
  return {
    ...(partition !== undefined && { [otel.messagingDestinationPartitionId]: String(partition) }),
    ...(offset !== undefined && { [otel.messagingKafkaOffset]: Number(offset) }),
  };
};
