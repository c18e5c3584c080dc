import { context, createContextKey, ROOT_CONTEXT, type Context } from '@opentelemetry/api';
import { otel } from '../attributes.ts';
import { emitOn } from '../events.ts';
import { open, type LooseSpec, type Operation } from '../operation.ts';
import { safely } from '../safely.ts';
import type { RelatedLink } from '../spec.ts';
import { nameOf } from './genai-errors.ts';
import { at } from './json.ts';
import { letterOf, placeAttributes, type KafkaMessage, type Member } from './kafkajs-message.ts';
import { rememberFailed, takeFailed } from './queue-attempts.ts';
import { placeOf, waitSince } from './queue-message.ts';

type Handler = (payload: never) => unknown;
type OneMessage = {
  readonly topic: string;
  readonly partition: number;
  readonly message: KafkaMessage;
};
type OneBatch = {
  readonly batch: {
    readonly topic: string;
    readonly partition: number;
    readonly messages: readonly KafkaMessage[];
  };
};

const attemptKey = createContextKey('orchescope.kafkajs.attempt');

/** Which attempt at a message runs in this context. */
export const attemptIn = (ctx: Context): number | undefined =>
  ctx.getValue(attemptKey) as number | undefined;

/** The program's `eachMessage`, with a span around each. */
export const tracingEachMessage =
  (eachMessage: Handler, member: () => Member) =>
  (payload: never): unknown =>
    processing(
      () => startMessage(payload, member()),
      () => eachMessage(payload),
    );

/** The program's `eachBatch`: a trace of its own that links to the sending of every message in it. */
export const tracingEachBatch =
  (eachBatch: Handler, member: () => Member) =>
  (payload: never): unknown =>
    processing(
      () => startBatch(payload, member()),
      () => eachBatch(payload),
    );

type Started = {
  readonly operation: Operation;
  readonly attempt: number;
  /** What is fetched again when this fails. */
  readonly key: string;
  readonly worker: { readonly id: string; readonly pool: string };
};

const startMessage = ({ topic, partition, message }: OneMessage, member: Member): Started => {
  const letter = letterOf(message);
  return begin(topic, member, `${partition} ${message.offset}`, letter.sentMs, {
    messageId: `${partition}:${message.offset}`,
    attributes: placeAttributes(member, partition, message.offset),
    ...placeOf(letter),
  });
};

const linksAtMost = 128;

const startBatch = ({ batch }: OneBatch, member: Member): Started => {
  const { topic, partition, messages } = batch;
  const [oldest] = messages;
  const links = new Map<string, RelatedLink>();
  for (const message of messages.slice(0, linksAtMost)) {
    const { carrier } = letterOf(message);
    const { traceparent } = carrier;
    if (traceparent !== undefined) links.set(traceparent, { to: carrier, rel: 'caused_by' });
  }
  const sentMs = oldest && letterOf(oldest).sentMs;
  return begin(topic, member, `${partition} ${oldest?.offset} batch`, sentMs, {
    parent: ROOT_CONTEXT,
    links: [...links.values()],
    attributes: {
      ...placeAttributes(member, partition, oldest?.offset),
      [otel.messagingBatchMessageCount]: messages.length,
    },
  });
};

const begin = (
  topic: string,
  member: Member,
  position: string,
  sentMs: number | undefined,
  more: Partial<LooseSpec>,
): Started => {
  const key = `kafka ${member.group} ${topic} ${position}`;
  const before = takeFailed(key);
  const attempt = (before?.attempt ?? 0) + 1;
  const spec = { kind: 'process', name: topic, system: 'kafka', destination: topic } as const;
  // How long KafkaJS holds a message back after a failure is its own affair.
  const waited = attempt === 1 && sentMs !== undefined && { queuedMs: waitSince(sentMs) };
  const operation = open({ ...spec, attempt, ...waited, ...more }, undefined, {
    integration: 'kafkajs',
  });
  if (before?.traceparent !== undefined)
    operation.link({ traceparent: before.traceparent }, 'retries');
  return { operation, attempt, key, worker: { id: member.id, pool: member.group } };
};

const processing = async (start: () => Started, work: () => unknown): Promise<unknown> => {
  const started = safely('a message', start);
  if (!started) return work();
  const { operation, attempt } = started;
  tellWorker(started, 'busy');
  try {
    const result = await context.with(operation.context.setValue(attemptKey, attempt), work);
    operation.succeed(true);
    return result;
  } catch (error) {
    safely('a failed message', () => willRepeat(started, error));
    operation.fail(error);
    throw error;
  } finally {
    tellWorker(started, 'idle');
  }
};

/** Errors of JavaScript's own: KafkaJS takes them for bugs, and the consumer ends. */
const bugs: ReadonlySet<unknown> = new Set([
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
]);

/** KafkaJS skips nothing: what threw is fetched again, by this consumer or, when it has ended, by the next. */
const willRepeat = ({ operation, attempt, key }: Started, error: unknown): void => {
  const reason = nameOf(error);
  const ends = bugs.has(at(error, 'name')) || at(error, 'retriable') === false;
  operation.emit(ends ? { type: 'terminate', reason } : { type: 'retry', attempt, reason });
  const { traceparent } = operation.carrier();
  rememberFailed(key, { traceparent, attempt, readyMs: undefined });
};

const tellWorker = ({ worker }: Started, state: 'busy' | 'idle'): void =>
  emitOn(ROOT_CONTEXT, { type: 'worker', ...worker, state });
