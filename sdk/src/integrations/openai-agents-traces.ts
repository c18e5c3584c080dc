import type { Span, SpanContext } from '@opentelemetry/api';
import { safely } from '../safely.ts';
import { currentStore, type ModelCall } from './openai-agents-current.ts';
import { isFailure } from './openai-agents-errors.ts';
import {
  errorOf,
  innermost,
  openPart,
  openWorkflow,
  tell,
  type AgentsSpan,
  type AgentsTrace,
  type Part,
  type Whole,
} from './openai-agents-parts.ts';
import { unnamedWorkflow } from './openai-agents-spans.ts';
import { textAt } from './json.ts';

const openAtMost = 10_000;
const pastAtMost = 1_000;
/** How long spans that outlive their trace may take: a stream's last ones end a moment after it. */
const graceMs = 10_000;

/** The traces under way, by the library's ids. */
export class Traces {
  private readonly wholes = new Map<string, Whole>();
  /** Traces that ended, the oldest forgotten first: one that was interrupted goes on under its old id. */
  private readonly past = new Map<string, SpanContext>();
  /** A span that is being opened asks what is running; what is inside of it must wait for it. */
  private isOpening = false;

  startTrace(trace: AgentsTrace): void {
    if (!this.wholes.has(trace.traceId)) this.openTrace(trace, false);
  }

  endTrace({ traceId }: AgentsTrace): void {
    const whole = this.wholes.get(traceId);
    if (whole && !whole.isOver) this.finish(whole);
  }

  startSpan(span: AgentsSpan): void {
    const whole = this.wholeOf(span);
    if (!whole || whole.parts.has(span.spanId)) return;
    const parent = whole.parts.get(span.parentId ?? '');
    const type = textAt(span.spanData, 'type') ?? 'span';
    const part: Part = {
      id: span.spanId,
      parent,
      type,
      data: span.spanData,
      operation: undefined,
      call: undefined,
      isOpen: true,
    };
    whole.parts.set(span.spanId, part);
    whole.openParts += 1;
    this.isOpening = true;
    safely('a span of OpenAI Agents', () => openPart(whole, part));
    this.isOpening = false;
  }

  endSpan(span: AgentsSpan): void {
    const whole = this.wholes.get(span.traceId);
    const part = whole?.parts.get(span.spanId);
    if (!whole || !part?.isOpen) return;
    const error = isFailure(span.error) ? errorOf(whole, span.error, part) : undefined;
    if (part.parent === undefined) whole.failure = error;
    safely('a span of OpenAI Agents', () => tell(part, span));
    if (error) part.operation?.fail(error);
    else part.operation?.succeed(true);
    this.closed(whole, part);
  }

  /** What is running here, as far as we have a span for it. */
  current(): Span | undefined {
    const found = this.find();
    return found && (innermost(found.part) ?? found.whole.operation).span;
  }

  modelCall(): ModelCall | undefined {
    const part = this.find()?.part;
    return part?.isOpen === true ? part.call : undefined;
  }

  /** Gives up what is left of traces that are over. */
  settle(): void {
    for (const whole of this.wholes.values()) {
      if (hasLeft(whole)) this.finish(whole);
      if (whole.isOver) this.abandon(whole);
    }
  }

  private find(): { readonly whole: Whole; readonly part: Part | undefined } | undefined {
    const store = currentStore();
    const span = store?.span as AgentsSpan | undefined;
    const whole = this.wholes.get(span?.traceId ?? textAt(store?.trace, 'traceId') ?? '');
    if (!whole) return undefined;
    if (span && !this.isOpening) this.catchUp(whole, span);
    return { whole, part: span && whole.parts.get(span.spanId) };
  }

  /** Where another processor comes first, we hear of a span, and of those around it, when its work has begun. */
  private catchUp(whole: Whole, span: AgentsSpan): void {
    const unheard: AgentsSpan[] = [];
    for (let one: AgentsSpan | undefined = span; one; one = one.previousSpan) {
      if (whole.parts.has(one.spanId)) break;
      if (one.endedAt === null && one.startedAt !== null) unheard.unshift(one);
    }
    for (const one of unheard) if (one.traceId === whole.id) this.startSpan(one);
  }

  private wholeOf(span: AgentsSpan): Whole | undefined {
    const known = this.wholes.get(span.traceId);
    if (known || span.endedAt !== null) return known;
    const trace = currentStore()?.trace as AgentsTrace | undefined;
    const isOurs = trace?.traceId === span.traceId;
    return this.openTrace(isOurs ? trace : { traceId: span.traceId }, true);
  }

  private openTrace(trace: AgentsTrace, isImplicit: boolean): Whole {
    const [oldest] = this.wholes.values();
    if (this.wholes.size >= openAtMost && oldest) this.abandon(oldest);
    const name = textAt(trace, 'name') ?? unnamedWorkflow;
    const whole: Whole = {
      id: trace.traceId,
      name,
      operation: openWorkflow(trace, name, this.past.get(trace.traceId)),
      parts: new Map(),
      isImplicit,
      openParts: 0,
      isOver: false,
      failure: undefined,
      errors: new Map(),
      timer: undefined,
      store: currentStore(),
    };
    this.wholes.set(trace.traceId, whole);
    return whole;
  }

  private closed(whole: Whole, part: Part): void {
    part.isOpen = false;
    whole.openParts -= 1;
    if (whole.openParts > 0) return;
    if (whole.isOver) this.forget(whole);
    else if (whole.isImplicit) this.finish(whole);
    else if (whole.failure) setImmediate(() => this.watch(whole));
  }

  /** A trace that threw is told of by nobody; one that goes on after a failure ends as any other. */
  private watch(whole: Whole): void {
    clearTimeout(whole.timer);
    if (whole.isOver || whole.openParts > 0) return;
    if (hasLeft(whole)) return this.finish(whole);
    whole.timer = setTimeout(() => this.watch(whole), graceMs);
    whole.timer.unref();
  }

  private finish(whole: Whole): void {
    clearTimeout(whole.timer);
    whole.isOver = true;
    if (whole.failure) whole.operation.fail(whole.failure);
    else whole.operation.succeed(true);
    this.remember(whole);
    if (whole.openParts === 0) return this.forget(whole);
    whole.timer = setTimeout(() => this.abandon(whole), graceMs);
    whole.timer.unref();
  }

  private remember({ id, operation }: Whole): void {
    this.past.delete(id);
    this.past.set(id, operation.span.spanContext());
    const [oldest] = this.past.keys();
    if (this.past.size > pastAtMost && oldest !== undefined) this.past.delete(oldest);
  }

  private abandon(whole: Whole): void {
    for (const part of whole.parts.values()) {
      if (!part.isOpen) continue;
      part.isOpen = false;
      part.operation?.abandon();
    }
    whole.operation.abandon();
    this.forget(whole);
  }

  private forget(whole: Whole): void {
    clearTimeout(whole.timer);
    this.wholes.delete(whole.id);
  }
}

/** Over, without a word. */
const hasLeft = ({ store, isOver, openParts }: Whole): boolean =>
  !isOver && openParts === 0 && store?.active === false;
