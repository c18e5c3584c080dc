import { context, createContextKey, ROOT_CONTEXT, trace, type Context } from '@opentelemetry/api';
import { activeContext } from '../ambient.ts';
import { emitOn } from '../events.ts';
import { safely } from '../safely.ts';
import { wishesOf, type Job } from './bullmq-job.ts';
import { TakenJobs } from './bullmq-jobs.ts';
import {
  attemptIn,
  metadataIn,
  ProcessSpan,
  SendSpan,
  SilentSpan,
  type BullSpan,
} from './bullmq-spans.ts';

/** A `Queue`, a `Worker` or a `FlowProducer` of BullMQ. */
export type BullMq = {
  on(event: never, listener: never): unknown;
  readonly opts: object;
};

/**
 * The same queue, worker or flow producer, traced by BullMQ's own `telemetry` option: a span for what is added, one
 * for every attempt at it, and the trace travels with the job. One that has a `telemetry` already keeps that.
 *
 * @example
 * const queue = traced(new Queue('reviews', { connection }));
 * const worker = traced(new Worker('reviews', (job) => review(job.data), { connection }));
 */
export const traced = <T extends BullMq>(target: T): T => {
  safely('tracing BullMQ', () => equip(target as unknown as Target));
  return target;
};

type Listener = (job: Job | undefined, error?: unknown) => void;

type Target = {
  readonly opts: { telemetry?: unknown; name?: string };
  /** Where a flow producer keeps it. */
  telemetry?: unknown;
  readonly id?: string;
  readonly name?: string;
  readonly concurrency?: number;
  on(event: string, listener: Listener): unknown;
};

const isWorker = (target: Target): boolean => 'concurrency' in target;

/** Everything BullMQ does reads the option when it does it. */
const equip = (target: Target): void => {
  if (target.opts.telemetry !== undefined || target.telemetry !== undefined) return;
  const telemetry = isWorker(target) ? watchWorker(target) : new Telemetry(startSending);
  if (!isWorker(target)) target.on('waiting', heard('an added job', writeWishes));
  target.opts.telemetry = telemetry;
  target.telemetry = telemetry;
};

/** A listener that throws would end up in the program's own work. */
const heard =
  (what: string, listener: (job: Job, error?: unknown) => void): Listener =>
  (job, error) =>
    safely(what, () => {
      if (job !== undefined) listener(job, error);
    });

/** Told inside `add`, where the span of the sending is the active one. */
const writeWishes = (job: Job): void => {
  const active = activeContext();
  if (metadataIn(active) !== '') trace.getSpan(active)?.setAttributes(wishesOf(job));
};

type Start = (operation: string, parent: Context) => BullSpan;

const sending: ReadonlySet<string> = new Set(['add', 'addBulk', 'addNode']);

const startSending: Start = (operation, parent) =>
  sending.has(operation) ? new SendSpan(parent) : new SilentSpan();

/** What a worker adds itself is the next turn of a schedule: it belongs to no trace but its own. */
const watchWorker = (worker: Target): Telemetry => {
  const taken = new TakenJobs();
  const running = new Map<string, ProcessSpan>();
  const tell = (): void => tellWorker(worker, running.size);
  worker.on(
    'active',
    heard('a job', (job) => taken.add(job)),
  );
  worker.on(
    'failed',
    heard('a failed job', (job, error) => running.get(job.id ?? '')?.failed(job, error)),
  );
  return new Telemetry((operation, parent) => {
    if (operation === 'process') return new ProcessSpan(sourceIn(parent), { taken, running, tell });
    if (operation === 'delay') attemptIn(parent)?.holdBack();
    return new SilentSpan();
  });
};

/** Of no span: which job began or ended last says nothing of the worker. */
const tellWorker = ({ id, name, concurrency = 1, opts }: Target, jobs: number): void =>
  emitOn(ROOT_CONTEXT, {
    type: 'worker',
    id: opts.name ?? id ?? '',
    state: jobs > 0 ? 'busy' : 'idle',
    load: jobs / concurrency,
    ...(name !== undefined && { pool: name }),
  });

/** The metadata of the job that is about to be worked on. */
const sourceKey = createContextKey('orchescope.bullmq.source');

const sourceIn = (ctx: Context): string | undefined => {
  const source = ctx.getValue(sourceKey);
  return typeof source === 'string' ? source : undefined;
};

/** BullMQ's interface to tracers. It is called in the middle of the program's work: nothing here may throw. */
class Telemetry {
  readonly tracer: { startSpan: (name: string, options: object, parent?: Context) => BullSpan };
  readonly contextManager = {
    with: <R>(ctx: Context, fn: () => R): R => context.with(ctx, fn),
    active: activeContext,
    root: (): Context => ROOT_CONTEXT,
    getMetadata: metadataIn,
    fromMetadata: (_active: Context, metadata: unknown): Context =>
      ROOT_CONTEXT.setValue(sourceKey, metadata),
  };

  constructor(start: Start) {
    this.tracer = {
      startSpan: (name, _options, parent) => {
        const [operation = ''] = name.split(' ');
        const around = parent ?? (operation === 'process' ? ROOT_CONTEXT : activeContext());
        return safely('a BullMQ span', () => start(operation, around), new SilentSpan());
      },
    };
  }
}
