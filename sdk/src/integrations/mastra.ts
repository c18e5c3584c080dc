import { context, trace, type Context } from '@opentelemetry/api';
import { activeContext } from '../ambient.ts';
import { runOf, within, withRun } from '../context.ts';
import type { Kind } from '../facts.ts';
import { startForeign } from '../foreign.ts';
import { safely } from '../safely.ts';
import type { Op, RelatedLink, Spec } from '../spec.ts';
import { flushProviders } from '../started.ts';
import { at, listAt, numberAt, textAt } from './json.ts';
import { failureOf, tellEnd } from './mastra-end.ts';
import { linkedIds, plumbingId, resumedIds, scoredIds } from './mastra-ids.ts';
import { toMeta } from './mastra-meta.ts';
import { isWithin, markCalled, markHere, type MastraRecord } from './mastra-record.ts';
import {
  isNoise,
  toMastraSpan,
  toModelCall,
  type MastraSpan,
  type MastraStart,
} from './mastra-spans.ts';

/**
 * A bridge for Mastra's observability: agents, turns, model calls, tools, workflows with their branches, rounds and
 * pauses, scorers. Spans of your own inside tools and steps stand below them.
 *
 * @example
 * const observability = new Observability({
 *   configs: { default: { serviceName: 'trips', bridge: orchescope() } },
 * });
 */
export const orchescope = (): OrchescopeBridge => new OrchescopeBridge();

/** Structurally an `ObservabilityBridge`. Nothing in it throws. */
export class OrchescopeBridge {
  readonly name = 'orchescope';
  readonly #records = new Map<string, MastraRecord>();
  #excluded: ReadonlySet<unknown> = new Set();

  init(options: object): void {
    this.#excluded = new Set(listAt(options, 'config', 'excludeSpanTypes'));
  }

  /** Mastra takes the ids of our span for its own, so that its other exporters tell of the same trace. */
  createSpan(options: object): MastraIds | undefined {
    return safely('a span of Mastra', () => this.#open(options));
  }

  executeInContext<T>(spanId: string, fn: () => Promise<T>): Promise<T> {
    const record = this.#records.get(spanId);
    if (!record) return fn();
    const result = context.with(this.#place(record), fn);
    if (record.type === 'workflow_step') safely('a try', () => followTry(record, result));
    return result;
  }

  executeInContextSync<T>(spanId: string, fn: () => T): T {
    const record = this.#records.get(spanId);
    return record ? context.with(this.#place(record), fn) : fn();
  }

  onTracingEvent(event: MastraEvent): void {
    const { type, exportedSpan: span } = event;
    const record = this.#records.get(span.id);
    if (!record) return;
    if (type === 'span_updated' && record.type === 'model_step') record.input = at(span, 'input');
    if (type === 'span_ended') this.#close(record, span);
  }

  exportTracingEvent(event: MastraEvent): Promise<void> {
    this.onTracingEvent(event);
    return Promise.resolve();
  }

  /** A filter of the user's dropped the span: it is never ended, so never sent. */
  releaseSpan(spanId: string): void {
    this.#forget(spanId);
  }

  flush(): Promise<void> {
    return flushProviders();
  }

  shutdown(): Promise<void> {
    for (const { op } of this.#records.values()) op?.end();
    this.#records.clear();
    return flushProviders();
  }

  #open(options: object): MastraIds | undefined {
    const type = String(at(options, 'type'));
    if (isNoise(type)) return undefined;
    const parent = this.#closest(at(options, 'parent'));
    parent?.below.set(type, (parent.below.get(type) ?? 0) + 1);
    const start = readStart(type, options, parent);
    const found = this.#excluded.has(type) ? undefined : toMastraSpan(start);
    if (!found && !parent) return undefined;
    const op = found && this.#start(found, start, options);
    const record = this.#remember(start, found, op);
    if (op && type === 'model_inference') {
      if (parent) parent.call = record;
      markCalled(record);
    }
    return idsOf(record);
  }

  #start(found: MastraSpan, start: MastraStart, options: object): Op<Kind> {
    const { spec, canonicalKind } = found;
    const metadata = at(options, 'metadata');
    const meta = toMeta(metadata, at(options, 'tags'));
    const resumed = start.parent ? undefined : resumedIds(start, options);
    const scored = scoredIds(metadata);
    const links: RelatedLink[] = [];
    if (resumed) links.push({ to: resumed, rel: 'resumes' });
    if (scored) links.push({ to: scored, rel: 'caused_by' });
    const startTime = at(options, 'startTime');
    const begin = (): Op<Kind> =>
      startForeign(
        {
          ...spec,
          links,
          ...(startTime instanceof Date && { startTime }),
        } as unknown as Spec<Kind>,
        {
          integration: 'mastra',
          source: { type: start.type },
          ...(canonicalKind !== undefined && { canonicalKind }),
        },
      );
    const op = context.with(parentContext(start, options), () =>
      meta ? within(meta, begin) : begin(),
    );
    if (resumed) op.emit({ type: 'checkpoint', op: 'load', id: start.runId ?? '' });
    return op;
  }

  #remember(
    start: MastraStart,
    found: MastraSpan | undefined,
    op: Op<Kind> | undefined,
  ): MastraRecord {
    const { parent } = start;
    const span = op?.span.spanContext();
    const record: MastraRecord = {
      id: span?.spanId ?? plumbingId(parent, start.type),
      traceId: span?.traceId ?? parent?.traceId ?? '',
      type: start.type,
      name: found?.spec.name ?? start.name,
      parent,
      op,
      kind: found?.spec.kind,
      context: op ? markHere(op.context) : (parent?.context ?? context.active()),
      attributes: start.attributes,
      runId: start.runId,
      startedMs: Date.now(),
      below: new Map(),
      call: undefined,
      called: false,
      input: undefined,
      attempt: 0,
      failure: undefined,
      stopped: undefined,
    };
    this.#records.set(record.id, record);
    return record;
  }

  /** Spans that Mastra keeps to itself were never told to us: whoever is above them. */
  #closest(span: unknown): MastraRecord | undefined {
    for (let above = span; above !== undefined; above = at(above, 'parent')) {
      const record = this.#records.get(textAt(above, 'id') ?? '');
      if (record) return record;
    }
    return undefined;
  }

  /** Mastra calls the model in the name of the step around: what that sends stands below the call. */
  #place(record: MastraRecord): Context {
    return (record.call ?? record).context;
  }

  #close(record: MastraRecord, span: MastraEvent['exportedSpan']): void {
    this.#forget(record.id);
    const { op } = record;
    if (record.type === 'model_generation') this.#closeGeneration(record, span);
    if (!op) return;
    safely('the end of a span of Mastra', () => tellEnd(record, op, span));
    op.end(safely('an error of Mastra', () => failureOf(record, span)));
  }

  /** Older versions, and who leaves out the calls, tell of none inside: then the generation is the call. */
  #closeGeneration(record: MastraRecord, span: MastraEvent['exportedSpan']): void {
    markStopped(record, span);
    const isTold = numberAt(span, 'attributes', 'usage', 'inputTokens') !== undefined;
    if (record.called || !isTold || this.#excluded.has(record.type)) return;
    safely('a generation of Mastra', () => {
      const { spec } = toModelCall(record);
      const startTime = record.startedMs;
      const call = { ...spec, startTime, parent: record.context } as unknown as Spec<Kind>;
      const op = startForeign(call, { integration: 'mastra', source: { type: record.type } });
      const asCall: MastraRecord = { ...record, kind: 'llm' };
      tellEnd(asCall, op, span);
      op.end(failureOf(asCall, span));
    });
  }

  #forget(id: string): void {
    const record = this.#records.get(id);
    if (record?.parent?.call === record && record?.parent) record.parent.call = undefined;
    this.#records.delete(id);
  }
}

const readStart = (
  type: string,
  options: object,
  parent: MastraRecord | undefined,
): MastraStart => ({
  type,
  name: textAt(options, 'name') ?? type,
  entityId: textAt(options, 'entityId'),
  entityName: textAt(options, 'entityName'),
  attributes: at(options, 'attributes'),
  runId: textAt(options, 'metadata', 'runId') ?? parent?.runId,
  parent,
});

/** Below the user's own span where there is one inside of the span above. */
const parentContext = (start: MastraStart, options: object): Context => {
  const { parent } = start;
  const active = context.active();
  if (parent) {
    const span = trace.getSpan(parent.context);
    return isWithin(active, span) ? active : parent.context;
  }
  const outside = linkedIds(at(options, 'traceId'), at(options, 'externalParentSpanId'));
  const around = activeContext();
  const base = outside ? trace.setSpanContext(around, { ...outside, isRemote: true }) : around;
  const isRun = start.type === 'agent_run' && start.runId !== undefined;
  return isRun && runOf(base) === undefined ? withRun(base, start.runId ?? '') : base;
};

const idsOf = ({ id, traceId, parent }: MastraRecord): MastraIds => ({
  spanId: id,
  traceId,
  ...(parent && { parentSpanId: parent.id }),
});

/** Each try of a step is run on its own, inside of the same span. */
const followTry = (record: MastraRecord, result: Promise<unknown>): void => {
  record.attempt += 1;
  const { attempt, failure, op } = record;
  if (attempt > 1) {
    op?.emit({
      type: 'retry',
      attempt: attempt - 1,
      ...(failure !== undefined && { reason: failure }),
    });
    op?.set({ attempt });
  }
  result.then(undefined, (error: unknown) => {
    record.failure = textAt(error, 'name') ?? 'error';
  });
};

const markStopped = (record: MastraRecord, span: unknown): void => {
  const reason = textAt(span, 'attributes', 'finishReason');
  if (reason !== 'suspended' && reason !== 'aborted') return;
  for (const one of [record, record.parent]) if (one) one.stopped = reason;
};

/** Mastra's `SpanIds`. */
export type MastraIds = {
  readonly spanId: string;
  readonly traceId: string;
  readonly parentSpanId?: string;
};

/** Mastra's `TracingEvent`. */
export type MastraEvent = {
  readonly type: string;
  readonly exportedSpan: { readonly id: string };
};
