import type { Attributes, Context, Span, SpanContext } from '@opentelemetry/api';
import type { relations } from './attributes.ts';
import type { OrchEvent } from './events.ts';
import type { Facts, Kind } from './facts.ts';

/**
 * W3C headers of a span: `traceparent`, `tracestate`, `baggage`. Plain strings, so it survives JSON.
 *
 * @example const job: { trace: Carrier } = { trace: carrier() };
 */
export type Carrier = Record<string, string>;

/**
 * What a linked span is to this one.
 *
 * @example op.link(previousAttempt, 'retries');
 */
export type Relation = (typeof relations)[number];

/**
 * A span link with its meaning.
 *
 * @example const links: RelatedLink[] = branches.map((branch) => ({ to: branch.carrier(), rel: 'fan_in' }));
 */
export type RelatedLink = { readonly to: Carrier | SpanContext; readonly rel: Relation };

/**
 * What one chunk of a streamed result is.
 *
 * @example type Word = Chunk<AsyncGenerator<string>>; // string
 */
export type Chunk<R> =
  R extends AsyncIterable<infer C>
    ? C
    : R extends Generator<infer C>
      ? C
      : R extends PromiseLike<infer P>
        ? P extends AsyncIterable<infer C>
          ? C
          : never
        : never;

export interface SpecBase<K extends Kind, A extends readonly unknown[], R> {
  readonly kind: K;
  /** Low cardinality: the workflow, agent, tool or step by name, never an id. */
  readonly name: string;
  readonly attributes?: Attributes;
  /** The span to stand under when it is not the active one; `null` starts a new trace. */
  readonly parent?: Carrier | Context | null;
  readonly links?: readonly RelatedLink[];
  /** When it began, if that was before now: epoch milliseconds or a date. */
  readonly startTime?: Date | number;
  /** Facts known from the arguments; written when the span starts. */
  readonly in?: (...args: A) => Partial<Facts[K]>;
  /** Facts known from the result. Not called for streams, which it could consume: use `chunks`. */
  readonly out?: (result: Awaited<R>) => Partial<Facts[K]>;
  /** Facts known from the chunks of a stream, read once at its end. */
  readonly chunks?: (chunks: readonly Chunk<R>[]) => Partial<Facts[K]>;
  /** False marks the operation failed though nothing was thrown. */
  readonly ok?: (result: Awaited<R>) => boolean;
}

/**
 * One operation: its kind, its name and the facts of that kind.
 *
 * @example const spec: Spec<'tool'> = { kind: 'tool', name: 'search', type: 'datastore' };
 */
export type Spec<
  K extends Kind,
  A extends readonly unknown[] = readonly [],
  R = unknown,
> = SpecBase<K, A, R> & Facts[K];

/**
 * A spec of any kind. A union, so that literals infer and a wrong fact is a readable error.
 *
 * @example const specs: AnySpec[] = [{ kind: 'agent', name: 'clerk' }, { kind: 'step', name: 'sum', type: 'aggregate' }];
 */
export type AnySpec<A extends readonly unknown[] = readonly [], R = unknown> = {
  [K in Kind]: Spec<K, A, R>;
}[Kind];

/**
 * A running operation. Nothing on it throws.
 *
 * @example run({ kind: 'llm', name: 'draft' }, (op) => op.set({ usage: { inputTokens: 30 } }).emit(retried));
 */
export interface Op<K extends Kind> {
  readonly span: Span;
  /** The context in which this span is the active one. */
  readonly context: Context;
  set(facts: Partial<Facts[K]>): this;
  emit(event: OrchEvent): this;
  link(to: Carrier | SpanContext, rel: Relation): this;
  carrier(): Carrier;
  /**
   * Ends the span once; later calls do nothing. An error marks it failed, an AbortError cancelled. `endTime` is for
   * what was over before now.
   */
  end(error?: unknown, endTime?: Date | number): void;
}
