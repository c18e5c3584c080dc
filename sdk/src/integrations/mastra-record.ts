import { createContextKey, trace, type Context, type Span } from '@opentelemetry/api';
import type { Kind } from '../facts.ts';
import type { Op } from '../spec.ts';

/** A span of Mastra's while it lasts. */
export type MastraRecord = {
  readonly id: string;
  readonly traceId: string;
  /** Mastra's word for it. */
  readonly type: string;
  readonly name: string;
  readonly parent: MastraRecord | undefined;
  /** Undefined for what we make no span of: it hands on its parent's place. */
  readonly op: Op<Kind> | undefined;
  readonly kind: Kind | undefined;
  readonly context: Context;
  /** As Mastra told it when the span started. */
  readonly attributes: unknown;
  readonly runId: string | undefined;
  readonly startedMs: number;
  /** How many spans of each type stood below it so far: rounds of a loop, generations of an agent. */
  readonly below: Map<string, number>;
  /** The model call under way in this step. */
  call: MastraRecord | undefined;
  /** A model call of its own stood below: it tells the usage. */
  called: boolean;
  /** What a step's model is asked; told to the step after its model call started. */
  input: unknown;
  /** Tries of a step so far, and why the last one failed. */
  attempt: number;
  failure: string | undefined;
  /** An agent stops in the middle: it waits for someone, or it was told to. */
  stopped: 'suspended' | 'aborted' | undefined;
};

/** In a context that Mastra's code runs in: the span of ours that stands for the code. */
const hereKey = createContextKey('orchescope.mastra');

export const markHere = (ctx: Context): Context => ctx.setValue(hereKey, trace.getSpan(ctx));

/** Whether this context is inside of what this span stands for, spans of the user's included. */
export const isWithin = (ctx: Context, span: Span | undefined): boolean =>
  span !== undefined && ctx.getValue(hereKey) === span;

/** How the agent around has stopped, when it has. */
export const stoppedOf = (record: MastraRecord): MastraRecord['stopped'] => {
  for (let at: MastraRecord | undefined = record; at; at = at.parent)
    if (at.stopped !== undefined || at.type === 'agent_run') return at.stopped;
  return undefined;
};

/** Tells the generation around that a span of its own stands for the call. */
export const markCalled = (record: MastraRecord): void => {
  for (let at = record.parent; at; at = at.parent) {
    at.called = true;
    if (at.type === 'model_generation') return;
  }
};
