import type { SpanContext } from '@opentelemetry/api';
import { activeContext, activeWithin, rememberContext } from '../ambient.ts';
import { runOf, within } from '../context.ts';
import { open, type LooseSpec, type Operation, type Origin } from '../operation.ts';
import type { ModelCall, Store } from './openai-agents-current.ts';
import { toError } from './openai-agents-errors.ts';
import { tellModelCall } from './openai-agents-model.ts';
import { conversationOf, metadataOf, readingOf } from './openai-agents-spans.ts';

/** The library's own objects, of which we read no more than this. */
export type AgentsTrace = { readonly traceId: string };
export type AgentsSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | null;
  readonly spanData: unknown;
  readonly error: unknown;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  /** What was current before it. */
  readonly previousSpan?: AgentsSpan | undefined;
};

/** A span of the library's. Plumbing has no operation and hands on its parent's place. */
export type Part = {
  readonly id: string;
  readonly parent: Part | undefined;
  readonly type: string;
  readonly data: unknown;
  operation: Operation | undefined;
  call: ModelCall | undefined;
  isOpen: boolean;
};

export type Whole = {
  readonly id: string;
  readonly name: string;
  readonly operation: Operation;
  readonly parts: Map<string, Part>;
  /** Nobody told of its start, so nobody will of its end: a run that was interrupted and goes on. */
  readonly isImplicit: boolean;
  openParts: number;
  isOver: boolean;
  /** How the outermost part that ended last did: the trace itself knows no errors. */
  failure: Error | undefined;
  /** By text, so that an error that passes through many spans is told in full by the first. */
  readonly errors: Map<string, Error>;
  timer: NodeJS.Timeout | undefined;
  /** The library marks it inactive when the trace is over, for one that threw as well, whose end it does not tell. */
  readonly store: Store | undefined;
};

const integration = 'openai-agents';

const start = (spec: LooseSpec, origin: Omit<Origin, 'integration'>): Operation => {
  const operation = open(spec, undefined, { integration, ...origin });
  rememberContext(operation.span, operation.context);
  return operation;
};

/** One execution, also when it is interrupted and goes on in another process: the library keeps its trace's id. */
export const openWorkflow = (
  trace: AgentsTrace,
  name: string,
  before: SpanContext | undefined,
): Operation => {
  const attributes = conversationOf(trace);
  return within({ attributes }, () =>
    start(
      {
        kind: 'workflow',
        name,
        attributes: metadataOf(trace),
        runId: runOf(activeContext()) ?? trace.traceId,
        ...(before && { links: [{ to: before, rel: 'resumes' }] }),
      },
      { source: { type: 'trace', id: trace.traceId } },
    ),
  );
};

export const openPart = (whole: Whole, part: Part): void => {
  const { type, data, id, parent } = part;
  const { start: toSpec, canonicalKind } = readingOf(type);
  const spec = toSpec(data, { traceName: whole.name, agent: agentOf(parent) });
  if (!spec) return;
  const outer = innermost(parent) ?? whole.operation;
  const below = activeWithin(outer.span) ?? outer.context;
  part.operation = start({ ...spec, parent: below } as LooseSpec, {
    source: { type, id },
    ...(canonicalKind !== undefined && { canonicalKind }),
  });
  if (spec.kind === 'llm')
    part.call = {
      operation: part.operation,
      model: undefined,
      answer: {},
      failure: undefined,
    };
};

/** The nearest operation that still runs, from a part outwards. */
export const innermost = (part: Part | undefined): Operation | undefined => {
  for (let at = part; at; at = at.parent) if (at.isOpen && at.operation) return at.operation;
  return undefined;
};

const agentOf = (part: Part | undefined): unknown => {
  for (let at = part; at; at = at.parent) if (at.type === 'agent') return at.data;
  return undefined;
};

export const tell = (part: Part, { spanData, error }: AgentsSpan): void => {
  const { operation, call, type } = part;
  if (!operation) return;
  if (call) tellModelCall(call, spanData);
  else readingOf(type).end?.(operation, spanData, error);
};

/** What the server answered says more than what the library makes of it. */
export const errorOf = ({ errors }: Whole, told: unknown, { call, type }: Part): Error => {
  if (call?.failure instanceof Error) return call.failure;
  const error = toError(told, type);
  const same = errors.get(error.message);
  if (same?.name === error.name) return same;
  errors.set(error.message, error);
  return error;
};
