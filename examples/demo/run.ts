import { eventAttributes, genAi, orchescope, otel } from '@orchescope/sdk/attributes';
import type { Attributes, Value } from './otlp.ts';
import type { Random } from './random.ts';
import type { Link, OpenSpan, SpanRef, Trace } from './trace.ts';

/** One process working on one run: opens spans as an instrumented application would. */
export type Run = {
  readonly random: Random;
  readonly runId: string;
  readonly outages: readonly Outage[];
  now(): number;
  wait(durationMs: number): void;
  parallel(branches: readonly (() => void)[]): void;
  /** Opens any kind of span; the verbs of verbs.ts say which attributes each kind has. */
  open<R>(spec: RunSpan, body: (span: OpenSpan) => R): R;
  /** Says what happened on the span that is open now. */
  emit<T extends EventType>(type: T, fields: EventFields<T>): void;
  current(): OpenSpan;
  agentName(): string;
};

/** A provider in trouble, Unix milliseconds. */
export type Outage = { readonly provider: string; readonly fromMs: number; readonly toMs: number };

type RunSpan = {
  readonly name: string;
  /** The canonical kind, as `orchescope.kind` says it. */
  readonly kind: string;
  readonly otelKind?: number;
  readonly agent?: string;
  readonly attributes?: Attributes;
  readonly links?: readonly Link[];
};

type EventType = keyof typeof eventAttributes;
type EventFields<T extends EventType> = {
  readonly [F in keyof (typeof eventAttributes)[T]]?: Value;
};

export type RunFacts = {
  readonly runId: string;
  readonly conversationId: string;
  readonly userId: string;
  readonly outages: readonly Outage[];
};

export function createRun(trace: Trace, random: Random, facts: RunFacts): Run {
  const stack: { span: OpenSpan; agent: string }[] = [];
  const agentName = () => stack.at(-1)?.agent ?? '';
  const current = () => {
    const top = stack.at(-1);
    if (top === undefined) throw new Error('no span is open');
    return top.span;
  };
  return {
    random,
    runId: facts.runId,
    outages: facts.outages,
    now: () => trace.now(),
    wait: (durationMs) => trace.wait(durationMs),
    parallel: (branches) => trace.parallel(branches),
    current,
    agentName,
    emit: (type, fields) =>
      current().event(`${orchescope.eventPrefix}${type}`, toEvent(type, fields)),
    open: (spec, body) =>
      trace.span({ ...spec, attributes: toAttributes(spec, agentName(), facts) }, (span) => {
        stack.push({ span, agent: spec.agent ?? agentName() });
        const result = body(span);
        stack.pop();
        return result;
      }),
  };
}

/** Who, which conversation and which run are on every span, so that any of them can be found by it. */
function toAttributes(spec: RunSpan, agentAbove: string, facts: RunFacts): Attributes {
  const agent = spec.agent ?? agentAbove;
  return {
    [orchescope.kind]: spec.kind,
    [orchescope.runId]: facts.runId,
    ...(facts.conversationId === '' ? {} : { [genAi.conversationId]: facts.conversationId }),
    ...(facts.userId === '' ? {} : { [otel.userId]: facts.userId }),
    ...(agent === '' ? {} : { [genAi.agentName]: agent }),
    ...spec.attributes,
  };
}

/** Milliseconds become seconds on the wire, as the conventions have it. */
function toEvent(type: EventType, fields: Readonly<Record<string, Value | undefined>>): Attributes {
  const names: Readonly<Record<string, string>> = eventAttributes[type];
  const attributes: Record<string, Value> = {};
  for (const [field, value] of Object.entries(fields)) {
    const name = names[field];
    if (name === undefined || value === undefined) continue;
    attributes[name] = field.endsWith('Ms') && typeof value === 'number' ? value / 1000 : value;
  }
  return attributes;
}

export function toLink(to: SpanRef, rel: string): Link {
  return { to: { traceId: to.traceId, spanId: to.spanId }, rel };
}
