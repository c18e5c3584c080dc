/// <reference lib="esnext.disposable" preserve="true" />
import {
  INVALID_SPAN_CONTEXT,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type ProxyTracerProvider,
  type Span,
  type SpanContext,
  type SpanKind,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';
import { activeContext, meant } from './ambient.ts';
import { toEpochMs, toUptimeMs } from './clock.ts';
import { genAi, orchescope, otel } from './attributes.ts';
import { spend } from './budget.ts';
import {
  agentOf,
  carrierOf,
  inherited,
  parentContext,
  runOf,
  toLinks,
  withAgent,
  withRun,
} from './context.ts';
import { emitOn, type OrchEvent } from './events.ts';
import type { Facts, Kind, Usage } from './facts.ts';
import { fingerprint } from './fingerprint.ts';
import { isAbort, writeFailure } from './failure.ts';
import { kinds, pickFacts, spanName, toAttributes, writeFacts, type AnyFacts } from './kinds.ts';
import { isWatched, watchCall, watchHandoff, watchStep, withLoopWatch } from './loop-watch.ts';
import type { Loop } from './loops.ts';
import { waitOf, withWait } from './metric-wait.ts';
import { handoffOutcome, recordFinished, recordStarted, type How } from './metrics.ts';
import { redactAttributes, toText } from './redact.ts';
import { safely } from './safely.ts';
import type { Carrier, Op, Relation, SpecBase } from './spec.ts';
import { scopeName, version } from './version.ts';

/** A spec of any kind as we read it inside: facts by name, mappers by hand. */
export type LooseSpec = SpecBase<Kind, readonly unknown[], unknown> & AnyFacts;

/** Who speaks, when it is not the user's code itself. */
export type Origin = {
  /** Its spans come from the scope `@orchescope/<integration>`. */
  readonly integration: string;
  /** What the framework calls this span, and by which id it knows it. */
  readonly source?: { readonly type?: string; readonly id?: string };
  /** The collector's kind, where it is finer than ours: `mcp`, `approval`, `turn`, `memory`. */
  readonly canonicalKind?: string;
  readonly spanKind?: SpanKind;
  /** `gen_ai.operation.name`, where it is finer than that of our kind: `generate_content`. */
  readonly operation?: string;
  /** The method of a request that is answered here. Its caller measures it as well, so it is measured apart. */
  readonly serves?: string;
};

/** Starts the span of a spec. Facts known by now, those of `in` included, are on it from the start. */
export const open = (
  spec: LooseSpec,
  args: readonly unknown[] | undefined,
  origin?: Origin,
): Operation => safely('starting a span', () => openSpan(spec, args, origin)) ?? inert(spec);

/** `args` are those of a wrapped function; undefined where there is none. */
const openSpan = (
  spec: LooseSpec,
  args: readonly unknown[] | undefined,
  origin: Origin | undefined,
): Operation => {
  const { kind } = spec;
  const name = toText('name', String(spec.name).slice(0, 256));
  const facts = pickFacts(kind, spec);
  const told = spec.in && safely('the in mapper', () => spec.in?.(...(args ?? [])));
  if (told) Object.assign(facts, pickFacts(kind, told as AnyFacts));
  const base = meant(parentContext(activeContext(), spec.parent));
  const around = identify(kind, name, facts, base);
  const links = spec.links && safely('links', () => toLinks(spec.links), []);
  const given = toTime(spec.startTime);
  const startedMs = given === undefined ? performance.now() : toUptimeMs(given);
  const startTimeMs = given ?? toEpochMs(startedMs);
  const span = tracerOf(origin).startSpan(
    spanName(kind, name, facts, origin?.operation),
    {
      kind: origin?.spanKind ?? kinds[kind].spanKind,
      attributes: isSilent() ? {} : withSource(startAttributes(spec, name, facts, base), origin),
      ...(links && { links }),
      startTime: startTimeMs,
    },
    base,
  );
  safely('metrics', () => recordStarted(kind, name, facts));
  const inside = trace.setSpan(withLoopWatch(around, kind, name, facts), span);
  const operation = new Operation(kind, name, facts, span, inside, startedMs, startTimeMs);
  if (origin?.serves !== undefined) operation.serve(origin.serves);
  if (kind === 'tool' && isWatched(base)) operation.watch(base, facts['args'] ?? args);
  return operation;
};

/** Providers look a tracer up by a text that they put together each time: ours are kept. */
const tracerOf = (origin: Origin | undefined): Tracer => {
  const provider = trace.getTracerProvider();
  const scope = origin ? `@orchescope/${origin.integration}` : scopeName;
  if (tracers.provider !== provider) tracers = { provider, byScope: new Map() };
  const known = tracers.byScope.get(scope);
  if (known !== undefined) return known;
  const tracer = provider.getTracer(scope, version);
  tracers.byScope.set(scope, tracer);
  return tracer;
};

type Tracers = { readonly provider: TracerProvider; readonly byScope: Map<string, Tracer> };

let tracers: Tracers = { provider: trace.getTracerProvider(), byScope: new Map() };

/** With no SDK registered nobody will ever read the attributes. */
const isSilent = (): boolean => {
  const provider = trace.getTracerProvider() as Partial<ProxyTracerProvider>;
  return provider.getDelegateTracer !== undefined && provider.getDelegateTracer('') === undefined;
};

const withSource = (attributes: Attributes, origin: Origin | undefined): Attributes =>
  origin ? { ...attributes, ...sourceAttributes(origin) } : attributes;

const sourceAttributes = ({ source, canonicalKind, operation }: Origin): Attributes => {
  return {
    ...(source?.type !== undefined && { [orchescope.sourceSpanType]: source.type }),
    ...(source?.id !== undefined && { [orchescope.sourceSpanId]: source.id }),
    ...(canonicalKind !== undefined && { [orchescope.kind]: canonicalKind }),
    ...(operation !== undefined && { [genAi.operationName]: operation }),
  };
};

/** Anything but a time is no time. */
const toTime = (time: Date | number | undefined): number | undefined => {
  const ms = time instanceof Date ? time.getTime() : time;
  return typeof ms === 'number' && Number.isFinite(ms) && ms > 0 ? ms : undefined;
};

/** Fills in who a span is, from the context and for the spans below it. */
const identify = (
  kind: Kind,
  name: string,
  facts: Record<string, unknown>,
  base: Context,
): Context => {
  if (kind === 'agent') return withAgent(base, name);
  if (kind === 'handoff') {
    facts['from'] ??= agentOf(base);
    facts['to'] ??= name;
  }
  if (kind === 'process') return withWait(base, facts['destination']);
  if (kind !== 'workflow') return base;
  const runId = String((facts['runId'] ??= runOf(base) ?? crypto.randomUUID()));
  return withRun(base, runId);
};

/** Kinds that work for an agent and say which, so that their cost and errors find it. */
const workers: ReadonlySet<Kind> = new Set(['llm', 'embedding', 'tool', 'retrieval']);

/** A step that waits for an agent says who waits: else no circle of waits could be seen. */
const namesAgent = (kind: Kind, facts: AnyFacts): boolean =>
  workers.has(kind) || (kind === 'step' && facts['waitsFor'] !== undefined);

const startAttributes = (
  spec: LooseSpec,
  name: string,
  facts: AnyFacts,
  base: Context,
): Attributes => {
  const { kind } = spec;
  const { operation, nameAs } = kinds[kind];
  const attributes = inherited(base);
  const agent = namesAgent(kind, facts) ? agentOf(base) : undefined;
  if (agent !== undefined) attributes[genAi.agentName] = agent;
  if (spec.attributes !== undefined) Object.assign(attributes, redactAttributes(spec.attributes));
  attributes[orchescope.kind] = kind;
  if (operation) attributes[genAi.operationName] = operation;
  attributes[nameAs] = name;
  writeFacts(kind, facts, attributes);
  const outerRun = kind === 'workflow' ? runOf(base) : undefined;
  if (outerRun !== undefined && outerRun !== facts['runId'])
    attributes[orchescope.runParentId] = outerRun;
  return attributes;
};

/** When even starting failed: everything works, nothing is recorded. */
const inert = (spec: LooseSpec): Operation => {
  const active = activeContext();
  const operation = new Operation(
    safely('reading a kind', () => spec.kind) ?? 'step',
    '',
    {},
    trace.wrapSpanContext(trace.getSpanContext(active) ?? INVALID_SPAN_CONTEXT),
    active,
    performance.now(),
    Date.now(),
  );
  return operation.unmeasured();
};

type Watched = {
  /** The context the tool was called in. */
  readonly around: Context;
  readonly args: string | undefined;
  result: string | undefined;
};

const printOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : fingerprint(value);

/** One running operation: the span, what is known of it, and its end. */
export class Operation implements Op<Kind>, Disposable {
  readonly span: Span;
  readonly context: Context;
  private readonly kind: Kind;
  private readonly name: string;
  private readonly facts: Record<string, unknown>;
  /** On the clock of `performance.now()`, and as epoch milliseconds. */
  private readonly startedMs: number;
  private readonly startTimeMs: number;
  private firstChunkS: number | undefined;
  private endedMs: number | undefined;
  /** What a watched tool was called with and what it gave, each as a fingerprint. */
  private call: Watched | undefined;
  private served: string | undefined;
  private ended = false;

  constructor(
    kind: Kind,
    name: string,
    facts: Record<string, unknown>,
    span: Span,
    context: Context,
    startedMs: number,
    startTimeMs: number,
  ) {
    this.startedMs = startedMs;
    this.startTimeMs = startTimeMs;
    this.kind = kind;
    this.name = name;
    this.facts = facts;
    this.span = span;
    this.context = context;
  }

  /** As if it had ended: nothing it does is recorded or counted. */
  unmeasured(): this {
    this.ended = true;
    return this;
  }

  set(facts: Partial<Facts[Kind]>): this {
    safely('set', () => {
      const told = pickFacts(this.kind, facts as AnyFacts);
      Object.assign(this.facts, told);
      if (this.span.isRecording()) this.span.setAttributes(toAttributes(this.kind, told));
    });
    return this;
  }

  emit(event: OrchEvent): this {
    emitOn(this.context, event);
    return this;
  }

  link(to: Carrier | SpanContext, rel: Relation): this {
    safely('link', () => this.span.addLinks(toLinks([{ to, rel }])));
    return this;
  }

  carrier(): Carrier {
    return carrierOf(this.context);
  }

  end(error?: unknown, endTime?: Date | number): void {
    const given = toTime(endTime);
    if (given !== undefined) this.endedMs = toUptimeMs(given);
    if (error === undefined) this.finish('completed');
    else this.fail(error);
  }

  [Symbol.dispose](): void {
    this.finish('completed');
  }

  /** Ends by an error that is the user's; whatever was thrown, `undefined` too. */
  fail(error: unknown): void {
    if (isAbort(error)) return this.finish('cancelled');
    if (this.ended) return;
    this.returned(error);
    const type = safely('recording an error', () => writeFailure(this.span, error), '_OTHER');
    this.finish('failed', type);
  }

  /** Ends well or, when `ok` said no, failed with nothing thrown. */
  succeed(ok: boolean): void {
    if (ok || this.ended) return this.finish('completed');
    const refused = this.kind === 'handoff';
    const type = refused ? 'refused' : 'not_ok';
    safely('status', () => {
      const message = refused ? 'refused' : 'ok() said no';
      this.span.setStatus({ code: SpanStatusCode.ERROR, message });
      this.span.setAttribute(otel.errorType, type);
    });
    this.finish('failed', type);
  }

  /** The consumer left a stream and forgot it: it was garbage-collected unfinished. */
  abandon(): void {
    this.finish('abandoned');
  }

  streaming(): void {
    if (this.kind === 'llm') this.set({ stream: true });
  }

  /** From now on this call of a tool counts among those that may go in circles. */
  watch(around: Context, args: unknown): void {
    this.call = { around, args: printOf(args), result: undefined };
  }

  serve(method: string): void {
    this.served = method;
  }

  returned(result: unknown): void {
    if (this.call) this.call.result = fingerprint(result);
  }

  chunk(): void {
    if (this.firstChunkS !== undefined) return;
    this.firstChunkS = (performance.now() - this.startedMs) / 1000;
    safely('first chunk', () =>
      this.span.setAttribute(genAi.responseTimeToFirstChunk, this.firstChunkS ?? 0),
    );
  }

  private finish(how: How, errorType?: string): void {
    if (this.ended) return;
    this.ended = true;
    safely('outcome', () => this.writeOutcome(how, errorType));
    safely('budget', () => this.book());
    safely('loops', () => this.reportLoop(how));
    const endedMs = this.endedMs ?? performance.now();
    const lastedMs = Math.max(0, endedMs - this.startedMs);
    safely('metrics', () => this.measure(how, errorType, lastedMs));
    // The end is the start and what has passed since, even when the time of day was set in between.
    safely('ending a span', () => this.span.end(this.startTimeMs + lastedMs));
  }

  private writeOutcome(how: How, errorType: string | undefined): void {
    if (this.kind === 'workflow') {
      const told = how === 'completed' && this.facts['outcome'] !== undefined;
      if (!told) this.span.setAttribute(orchescope.runOutcome, how);
    } else if (how === 'cancelled' || how === 'abandoned') {
      this.span.setAttribute(orchescope.outcome, how);
    }
    if (this.kind === 'handoff') this.writeHandoff(how, errorType);
  }

  private writeHandoff(how: How, errorType: string | undefined): void {
    if (this.facts['accepted'] === undefined) this.set({ accepted: how === 'completed' });
    const { facts } = this;
    this.span.setAttribute(orchescope.handoffOutcome, handoffOutcome({ how, errorType, facts }));
  }

  private book(): void {
    if (this.kind !== 'llm' && this.kind !== 'embedding') return;
    const usage = this.facts['usage'] as Usage | undefined;
    for (const mark of spend(this.context, usage, this.facts['costUsd']))
      this.emit({ type: 'budget', ...mark });
  }

  private reportLoop(how: How): void {
    const loop = how === 'completed' || how === 'failed' ? this.findLoop(how) : undefined;
    if (loop) this.emit({ type: 'loop', ...loop });
  }

  private findLoop(how: How): Loop | undefined {
    const { kind, name, facts } = this;
    if (kind === 'step') return watchStep(this.context, name, facts);
    if (kind === 'handoff')
      return how === 'completed' ? watchHandoff(this.context, facts) : undefined;
    if (!this.call) return undefined;
    const { around, args, result } = this.call;
    return watchCall(around, {
      name,
      agent: agentOf(this.context) ?? '',
      args: args ?? printOf(facts['args']),
      result: printOf(facts['result']) ?? result,
      startedMs: this.startedMs,
      endedMs: this.endedMs ?? performance.now(),
    });
  }

  private measure(how: How, errorType: string | undefined, lastedMs: number): void {
    recordFinished({
      kind: this.kind,
      name: this.name,
      agent: workers.has(this.kind) ? agentOf(this.context) : undefined,
      facts: this.facts,
      durationS: lastedMs / 1000,
      how,
      errorType,
      timeToFirstChunkS: this.firstChunkS,
      wait: waitOf(this.context),
      served: this.served,
    });
  }
}
