import { createContextKey, type Attributes, type Context } from '@opentelemetry/api';
import { eventAttributes, orchescope, otel } from '../attributes.ts';
import { open, type LooseSpec, type Operation } from '../operation.ts';
import { toText } from '../redact.ts';
import { safely } from '../safely.ts';
import { attemptsAtMost, factsOf, type Job } from './bullmq-job.ts';
import type { TakenJobs } from './bullmq-jobs.ts';
import { nameOf } from './genai-errors.ts';
import { numberAt, parse, textAt, told } from './json.ts';
import { rememberFailed, takeFailed } from './queue-attempts.ts';
import { headersOf, placeOf, readLetter, type Letter } from './queue-message.ts';

/** What BullMQ asks of a span. */
export type BullSpan = {
  setSpanOnContext(ctx: Context): Context;
  setAttribute(key: string, value: unknown): void;
  setAttributes(attributes: object): void;
  addEvent(name: string, attributes?: object): void;
  recordException(error: unknown): void;
  end(): void;
};

/** What a job that is added in this context carries; empty where we add nothing to it. */
const metadataKey = createContextKey('orchescope.bullmq.metadata');
const processKey = createContextKey('orchescope.bullmq.process');

export const metadataIn = (ctx: Context): string => String(ctx.getValue(metadataKey) ?? '');

const withMetadata = (ctx: Context, metadata: string): Context =>
  ctx.setValue(metadataKey, metadata);

const start = (spec: LooseSpec): Operation => open(spec, undefined, { integration: 'bullmq' });

/** BullMQ tells the queue right after the start, and what else it knows bit by bit. */
abstract class TracedSpan implements BullSpan {
  protected operation: Operation | undefined;
  protected error: unknown;

  protected abstract open(queue: string): Operation;
  protected abstract learn(operation: Operation, attributes: object): void;
  abstract setSpanOnContext(ctx: Context): Context;

  setAttributes(attributes: object): void {
    safely('a BullMQ span', () => {
      const queue = textAt(attributes, 'bullmq.queue.name');
      this.operation ??= this.open(queue ?? '');
      this.learn(this.operation, attributes);
    });
  }

  setAttribute(key: string, value: unknown): void {
    this.setAttributes({ [key]: value });
  }

  addEvent(_name: string): void {}

  recordException(error: unknown): void {
    this.error = error;
  }

  end(): void {
    if (this.error === undefined) this.operation?.succeed(true);
    else this.operation?.fail(this.error);
  }
}

/** `add` and its sisters: one span for what is added at once. */
export class SendSpan extends TracedSpan {
  private readonly parent: Context;

  constructor(parent: Context) {
    super();
    this.parent = parent;
  }

  setSpanOnContext(ctx: Context): Context {
    const { operation } = this;
    if (!operation) return ctx;
    const metadata = safely('BullMQ metadata', () => JSON.stringify(headersOf(operation)), '');
    return withMetadata(operation.context, metadata);
  }

  protected open(destination: string): Operation {
    const { parent } = this;
    return start({ kind: 'send', name: destination, system: 'bullmq', destination, parent });
  }

  protected learn({ span }: Operation, attributes: object): void {
    const name = textAt(attributes, 'bullmq.job.name');
    if (name !== undefined) span.setAttribute(orchescope.name, toText('name', name));
    const id = textAt(attributes, 'bullmq.job.id');
    if (id !== undefined) span.setAttribute(orchescope.queueMessageId, id);
    const count = numberAt(attributes, 'bullmq.job.bulk.count');
    if (count !== undefined) span.setAttribute(otel.messagingBatchMessageCount, count);
  }
}

/** What one worker is at. */
type Work = {
  readonly taken: TakenJobs;
  /** Job id -> its attempt. */
  readonly running: Map<string, ProcessSpan>;
  /** To be called when `running` has changed. */
  readonly tell: () => void;
};

/** One attempt at a job. */
export class ProcessSpan extends TracedSpan {
  readonly letter: Letter;
  private readonly worker: Work;
  private readonly metadata: string | undefined;
  private queue = '';
  private id: string | undefined;
  private delayed = false;

  constructor(metadata: string | undefined, worker: Work) {
    super();
    this.metadata = metadata;
    this.worker = worker;
    const headers = parse(metadata ?? '');
    this.letter = readLetter((name) => textAt(headers, name));
  }

  setSpanOnContext(ctx: Context): Context {
    return this.operation ? this.operation.context.setValue(processKey, this) : ctx;
  }

  /** BullMQ is about to hold the next attempt back. */
  holdBack(): void {
    this.delayed = true;
  }

  /** The worker's `failed` event: the attempt has failed, and what becomes of the job is decided. */
  failed(job: Job, error: unknown): void {
    this.error = error;
    if (!this.operation) return;
    const reason = nameOf(error);
    const attempt = job.attemptsMade;
    if (job.finishedOn) {
      const destination = `${this.queue}:failed`;
      this.operation.emit({ type: 'dead_letter', destination, reason, attempts: attempt });
      return;
    }
    const delayMs = this.delayed ? (job.delay ?? 0) : 0;
    const max = told({ max: attemptsAtMost(job) });
    this.operation.emit({ type: 'retry', attempt, ...max, delayMs, reason });
    const { traceparent } = this.operation.carrier();
    rememberFailed(this.message, { traceparent, attempt, readyMs: Date.now() + delayMs });
  }

  override addEvent(name: string): void {
    // Errors until now were of the connection, and overcome.
    if (name === 'job completed') this.error = undefined;
  }

  override end(): void {
    super.end();
    if (this.id === undefined) return;
    this.worker.running.delete(this.id);
    this.worker.tell();
  }

  protected open(destination: string): Operation {
    this.queue = destination;
    const job = this.worker.taken.withMetadata(this.metadata);
    return start({
      kind: 'process',
      name: job?.name ?? destination,
      system: 'bullmq',
      destination,
      ...placeOf(this.letter, job?.repeatJobKey ? true : undefined),
    });
  }

  protected learn(operation: Operation, attributes: object): void {
    const id = textAt(attributes, 'bullmq.job.id');
    if (id === undefined || this.id !== undefined) return;
    this.id = id;
    const job = this.worker.taken.take(id);
    if (job) this.begin(operation, job);
    else operation.set({ messageId: id });
    operation.span.setAttributes(whoAndWhat(attributes));
    this.worker.running.set(id, this);
    this.worker.tell();
  }

  private begin(operation: Operation, job: Job): void {
    const remembered = takeFailed(this.message);
    const before = remembered?.attempt === job.attemptsMade ? remembered : undefined;
    operation.set(factsOf(job, before));
    if (before?.traceparent !== undefined)
      operation.link({ traceparent: before.traceparent }, 'retries');
  }

  private get message(): string {
    return `bullmq ${this.queue} ${this.id}`;
  }
}

const whoAndWhat = (attributes: object): Attributes => {
  const worker = textAt(attributes, 'bullmq.worker.name') ?? textAt(attributes, 'bullmq.worker.id');
  const name = textAt(attributes, 'bullmq.job.name');
  return {
    ...(worker !== undefined && { [eventAttributes.worker.id]: worker }),
    ...(name !== undefined && { [orchescope.name]: toText('name', name) }),
  };
};

/** The housekeeping of BullMQ: looking for work, renewing locks, pausing. Each would be a trace of its own. */
export class SilentSpan implements BullSpan {
  setSpanOnContext(ctx: Context): Context {
    return withMetadata(ctx, '');
  }
  setAttribute(): void {}
  setAttributes(): void {}
  addEvent(): void {}
  recordException(): void {}
  end(): void {}
}

/** The attempt that runs in this context. */
export const attemptIn = (ctx: Context): ProcessSpan | undefined =>
  ctx.getValue(processKey) as ProcessSpan | undefined;
