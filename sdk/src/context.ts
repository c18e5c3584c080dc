import {
  context,
  propagation,
  ROOT_CONTEXT,
  trace,
  TraceFlags,
  type Attributes,
  type BaggageEntry,
  type Context,
  type Link,
  type SpanContext,
} from '@opentelemetry/api';
import { activeContext } from './ambient.ts';
import { orchescope, otel } from './attributes.ts';
import { withBudget, type Budget } from './budget.ts';
import { agentKey, metaKey, runKey } from './context-keys.ts';
import { redactAttributes, toText } from './redact.ts';
import { safely } from './safely.ts';
import type { Carrier, RelatedLink } from './spec.ts';

/**
 * What `within` writes on every span below it.
 *
 * @example const meta: Meta = { sessionId: chat.id, tags: ['beta'], budget: { unit: 'usd', limit: 0.5 } };
 */
export interface Meta {
  readonly sessionId?: string;
  readonly userId?: string;
  readonly tags?: readonly string[];
  /** Emits a `budget` event when 50, 80 and 100 % of the limit are used by model calls below. */
  readonly budget?: Budget;
  readonly attributes?: Attributes;
  /** Also send session, user and tags to other processes, as W3C baggage. Off by default: baggage reaches third parties. */
  readonly baggage?: boolean;
}

/**
 * Runs `fn` with facts that every span below it carries; inner calls add to outer ones.
 *
 * @example await within({ sessionId: chat.id, userId: user.id, tags: ['beta'] }, () => answer(question));
 */
export const within = <T>(meta: Meta, fn: () => T): T => {
  const active = activeContext();
  return context.with(
    safely('within', () => withMeta(active, meta), active),
    fn,
  );
};

/**
 * W3C headers of the active span, to carry a trace through a queue, a job row or a checkpoint.
 * Empty when no span is active.
 *
 * @example await queue.add('review', { order, trace: carrier() });
 */
export const carrier = (): Carrier => carrierOf(activeContext());

export const carrierOf = (ctx: Context): Carrier =>
  safely(
    'carrier',
    () => {
      const headers: Carrier = {};
      propagation.inject(ctx, headers);
      const span = trace.getSpanContext(ctx);
      return span && trace.isSpanContextValid(span) ? { ...headers, ...w3cHeaders(span) } : headers;
    },
    {},
  );

/** Written by hand as well, so that a carrier works with no propagator registered. */
const w3cHeaders = (span: SpanContext): Carrier => {
  const flags = (span.traceFlags & TraceFlags.SAMPLED).toString(16).padStart(2, '0');
  const state = span.traceState?.serialize();
  const traceparent = `00-${span.traceId}-${span.spanId}-${flags}`;
  return state ? { traceparent, tracestate: state } : { traceparent };
};

/** The context a new span stands in. A carrier keeps what `within` said here. */
export const parentContext = (
  active: Context,
  parent: Carrier | Context | null | undefined,
): Context => {
  if (parent === undefined) return active;
  // A new trace is still the same run: a run may take many traces.
  if (parent === null) return trace.deleteSpan(active).deleteValue(agentKey);
  if (isContext(parent)) return parent;
  return safely('parent', () => fromCarrier(active, parent), active);
};

const isContext = (parent: Carrier | Context): parent is Context =>
  typeof (parent as Context).getValue === 'function';

const fromCarrier = (base: Context, from: Carrier): Context => {
  const clear = trace.deleteSpan(base);
  const extracted = propagation.extract(clear, from);
  if (trace.getSpanContext(extracted)) return extracted;
  const remote = parseTraceparent(from['traceparent']);
  return remote ? trace.setSpanContext(extracted, remote) : base;
};

const parseTraceparent = (header: string | undefined): SpanContext | undefined => {
  const parts = /^[\da-f]{2}-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(header ?? '');
  const [, traceId = '', spanId = '', flags = '0'] = parts ?? [];
  const span = { traceId, spanId, traceFlags: Number.parseInt(flags, 16), isRemote: true };
  return trace.isSpanContextValid(span) ? span : undefined;
};

/** Span links with their relation; those that name no span are left out. */
export const toLinks = (links: readonly RelatedLink[] | undefined): Link[] =>
  (links ?? []).flatMap(({ to, rel }) => {
    const linked = spanContextOf(to);
    return linked ? [{ context: linked, attributes: { [orchescope.linkRel]: rel } }] : [];
  });

const spanContextOf = (to: Carrier | SpanContext): SpanContext | undefined => {
  const given = to as SpanContext;
  if (typeof given.spanId === 'string') return trace.isSpanContextValid(given) ? given : undefined;
  return trace.getSpanContext(fromCarrier(ROOT_CONTEXT, to as Carrier));
};

/** What every span in this context carries: the run, the agent at work is asked for apart. */
export const inherited = (ctx: Context): Attributes => {
  const run = runOf(ctx);
  const meta = ctx.getValue(metaKey) as Attributes | undefined;
  return { ...fromBaggage(ctx), ...meta, ...(run !== undefined && { [orchescope.runId]: run }) };
};

export const runOf = (ctx: Context): string | undefined =>
  (ctx.getValue(runKey) as string | undefined) ?? baggageValue(ctx, orchescope.runId);

export const withRun = (ctx: Context, runId: string): Context => {
  const inner = ctx.setValue(runKey, runId);
  const baggage = propagation.getBaggage(ctx);
  // Only where `within({ baggage: true })` has opened the baggage already.
  if (!baggage?.getEntry(baggageMark)) return inner;
  return propagation.setBaggage(inner, baggage.setEntry(orchescope.runId, { value: runId }));
};

export const agentOf = (ctx: Context): string | undefined =>
  ctx.getValue(agentKey) as string | undefined;

export const withAgent = (ctx: Context, name: string): Context => ctx.setValue(agentKey, name);

const withMeta = (ctx: Context, meta: Meta): Context => {
  const attributes = metaAttributes(meta);
  const outer = ctx.getValue(metaKey) as Attributes | undefined;
  const inner = ctx.setValue(metaKey, { ...outer, ...attributes });
  const budgeted = meta.budget ? withBudget(inner, meta.budget) : inner;
  return meta.baggage === true ? withBaggage(budgeted) : budgeted;
};

const metaAttributes = (meta: Meta): Attributes => {
  const attributes = redactAttributes(meta.attributes);
  if (meta.sessionId) attributes[otel.sessionId] = toText(otel.sessionId, meta.sessionId);
  if (meta.userId) attributes[otel.userId] = toText(otel.userId, meta.userId);
  if (meta.tags)
    attributes[orchescope.tags] = meta.tags
      .slice(0, 128)
      .map((tag) => toText(orchescope.tags, String(tag)));
  return attributes;
};

const baggageMark = orchescope.tags;
const travelling = [otel.sessionId, otel.userId] as const;

const withBaggage = (ctx: Context): Context => {
  const meta = (ctx.getValue(metaKey) ?? {}) as Attributes;
  const tags = meta[orchescope.tags];
  const entries: Record<string, BaggageEntry> = {
    [baggageMark]: { value: Array.isArray(tags) ? tags.join(',') : '' },
  };
  for (const name of travelling) {
    const value = meta[name];
    if (typeof value === 'string') entries[name] = { value };
  }
  const run = runOf(ctx);
  if (run !== undefined) entries[orchescope.runId] = { value: run };
  const outer = propagation.getBaggage(ctx)?.getAllEntries() ?? [];
  return propagation.setBaggage(
    ctx,
    propagation.createBaggage({ ...Object.fromEntries(outer), ...entries }),
  );
};

const baggageValue = (ctx: Context, name: string): string | undefined =>
  propagation.getBaggage(ctx)?.getEntry(name)?.value.slice(0, 256) || undefined;

/** What another process put there with `within({ baggage: true })`. */
const fromBaggage = (ctx: Context): Attributes => {
  if (!propagation.getBaggage(ctx)?.getEntry(baggageMark)) return {};
  const attributes: Attributes = {};
  for (const name of travelling) {
    const value = baggageValue(ctx, name);
    if (value !== undefined) attributes[name] = value;
  }
  const tags = baggageValue(ctx, orchescope.tags);
  if (tags !== undefined) attributes[orchescope.tags] = tags.split(',');
  return attributes;
};
