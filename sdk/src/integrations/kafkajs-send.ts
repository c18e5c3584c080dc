import { context } from '@opentelemetry/api';
import { activeContext } from '../ambient.ts';
import { otel } from '../attributes.ts';
import { emitOn } from '../events.ts';
import { open, type Operation } from '../operation.ts';
import { safely } from '../safely.ts';
import { at, listAt, textAt, told } from './json.ts';
import { attemptIn } from './kafkajs-process.ts';
import { keyOf, positionOf } from './kafkajs-message.ts';
import { headersOf } from './queue-message.ts';
import type { Carrier } from '../spec.ts';

export type Call = (...args: unknown[]) => unknown;

/** What the program has said of its topics so far. */
export type Settings = { deadLetters: readonly string[] };

/** `send` of a producer or a transaction. */
export const tracingSend =
  (send: Call, settings: Settings): Call =>
  (record, ...rest) => {
    const sending = safely('sending', () => startSending(record, settings));
    if (!sending) return send(record, ...rest);
    const { operation, sent } = sending;
    const alone = listAt(record, 'messages').length === 1;
    return finishing(
      [operation],
      () => send(sent, ...rest),
      (result) => {
        if (alone) operation.span.setAttributes(positionOf(result));
      },
    );
  };

/** `sendBatch`: one span a topic. */
export const tracingSendBatch =
  (sendBatch: Call, settings: Settings): Call =>
  (batch, ...rest) => {
    const sending = safely('sending', () =>
      listAt(batch, 'topicMessages').map((record) => startSending(record, settings)),
    );
    if (!sending?.length) return sendBatch(batch, ...rest);
    const sent = { ...(batch as object), topicMessages: sending.map((each) => each.sent) };
    const operations = sending.map(({ operation }) => operation);
    return finishing(operations, () => sendBatch(sent, ...rest));
  };

type Sending = { readonly operation: Operation; readonly sent: unknown };

const startSending = (record: unknown, settings: Settings): Sending => {
  const topic = textAt(record, 'topic') ?? '';
  const messages = listAt(record, 'messages');
  if (settings.deadLetters.includes(topic)) tellDeadLetters(topic, messages.length);
  const operation = open(
    {
      kind: 'send',
      name: topic,
      system: 'kafka',
      destination: topic,
      ...told({ key: keyOf(messages) }),
      ...(messages.length > 1 && {
        attributes: { [otel.messagingBatchMessageCount]: messages.length },
      }),
    },
    undefined,
    { integration: 'kafkajs' },
  );
  return { operation, sent: withHeaders(record, headersOf(operation)) };
};

/** What has no such shape stays as it is: KafkaJS says what is wrong with it. */
const withHeaders = (record: unknown, added: Carrier): unknown => {
  const messages = at(record, 'messages');
  if (!Array.isArray(messages)) return record;
  const sent = messages.map((message: unknown) => {
    if (typeof message !== 'object' || message === null) return message;
    const headers = { ...(at(message, 'headers') as object | undefined), ...added };
    return Object.assign({}, message, { headers });
  });
  return { ...(record as object), messages: sent };
};

/** On the span of the message that is given up, which is the active one. */
const tellDeadLetters = (destination: string, messages: number): void => {
  const active = activeContext();
  const attempts = told({ attempts: attemptIn(active) });
  for (let told = 0; told < messages; told += 1)
    emitOn(active, { type: 'dead_letter', destination, ...attempts });
};

/** All end as the one call does. */
const finishing = async (
  operations: readonly Operation[],
  call: () => unknown,
  then: (result: unknown) => void = () => {},
): Promise<unknown> => {
  try {
    const around = operations.length === 1 ? operations[0]?.context : undefined;
    const result = await (around ? context.with(around, call) : call());
    safely('what was sent', () => then(result));
    for (const operation of operations) operation.succeed(true);
    return result;
  } catch (error) {
    for (const operation of operations) operation.fail(error);
    throw error;
  }
};
