import { trace, type Attributes, type Context } from '@opentelemetry/api';
import { activeContext } from './ambient.ts';
import { nowMs } from './clock.ts';
import { eventAttributes, genAi, orchescope } from './attributes.ts';
import { agentOf } from './context.ts';
import { watchEvent } from './loop-watch.ts';
import { waitOf } from './metric-wait.ts';
import { countEvent } from './metrics.ts';
import { captureMode, toText } from './redact.ts';
import { safely } from './safely.ts';

/**
 * What each event says.
 *
 * @example const vote: EventFacts['vote'] = { round: 2, agreement: 0.75, winner: 'plan-b' };
 */
export interface EventFacts {
  retry: {
    /** The attempt that failed; 1 = the first try. */
    attempt: number;
    max?: number;
    delayMs?: number;
    reason?: string;
    /** The next attempt is told why this one failed. */
    withContext?: boolean;
  };
  fallback: { from: string; to: string };
  breaker: { name: string; state: 'closed' | 'open' | 'half_open' };
  rejected: {
    /** `conflict`: somebody else has written since. */
    by:
      | 'backpressure'
      | 'rate_limit'
      | 'breaker'
      | 'schema'
      | 'budget'
      | 'policy'
      | 'unknown_tool'
      | 'conflict';
    target?: string;
    retryAfterMs?: number;
  };
  escalation: { to: string; reason?: string };
  review: {
    verdict: 'approved' | 'rejected' | 'revise';
    score?: number;
    feedback?: string;
  };
  replan: { version: number; added?: number; removed?: number };
  vote: { round: number; agreement?: number; winner?: string };
  terminate: { reason: string };
  /** `by` is the agent at work, if nobody else is named. */
  read: { resource: string; version?: number | string; by?: string };
  write: {
    resource: string;
    /** The version it made. */
    version?: number | string;
    /** The version that the writer had read. */
    basedOn?: number | string;
    by?: string;
  };
  conflict: { key: string; strategy: string; winner?: string; resource?: string };
  checkpoint: { op: 'save' | 'load' | 'skip'; id: string; step?: string };
  interrupt: { reason: string };
  partial: { ok: number; failed: number; policy?: string };
  queue: { name: string; depth?: number; waitMs?: number; priority?: number };
  worker: {
    id: string;
    state: 'idle' | 'busy' | 'overloaded' | 'failed' | 'dead';
    /** 0 to 1: how much of what it can do it does. */
    load?: number;
    pool?: string;
  };
  dead_letter: { destination: string; reason?: string; attempts?: number };
  appended: { stream: string; version: number; event?: string };
  budget: { unit: 'tokens' | 'usd'; used: number; limit: number };
  loop: {
    kind: 'repeat' | 'cycle' | 'ping_pong' | 'no_progress';
    period?: number;
    repeats?: number;
    signature?: string;
  };
}

/**
 * Something that happened at one moment: told apart by `type`.
 *
 * @example const opened: OrchEvent = { type: 'breaker', name: 'gpt', state: 'open' };
 */
export type OrchEvent = {
  [T in keyof EventFacts]: { readonly type: T } & Readonly<EventFacts[T]>;
}[keyof EventFacts];

/** Every field of every event has a name on the wire: the type sees to it. */
const attributeNames: {
  readonly [T in keyof EventFacts]: { readonly [F in keyof Required<EventFacts[T]>]: string };
} = eventAttributes;

const freeText = new Set(['reason', 'feedback', 'signature']);

/**
 * Records an event on the active span and counts it.
 *
 * @example emit({ type: 'retry', attempt: 1, max: 3, delayMs: 500, reason: 'rate_limited' });
 */
export const emit = (event: OrchEvent): void => emitOn(activeContext(), event);

/** The counter counts where there is no span as well, as when a breaker closes from a timer. */
export const emitOn = (ctx: Context, event: OrchEvent): void => {
  safely('emit', () => {
    const span = trace.getSpan(ctx);
    watchEvent(ctx, event);
    const names: { readonly [field: string]: string } = attributeNames[event.type];
    if (span?.isRecording())
      span.addEvent(
        orchescope.eventPrefix + event.type,
        { ...writerOf(ctx, event), ...eventFields(event, names) },
        nowMs(),
      );
    countEvent(event, waitOf(ctx));
  });
};

/** Whoever reads the event need not look for the agent above. */
const writerOf = (ctx: Context, { type }: OrchEvent): Attributes | undefined => {
  const agent = type === 'read' || type === 'write' ? agentOf(ctx) : undefined;
  return agent === undefined ? undefined : { [genAi.agentName]: agent };
};

const eventFields = (
  event: { readonly [field: string]: unknown },
  names: { readonly [field: string]: string },
): Attributes => {
  const attributes: Attributes = {};
  for (const [field, name] of Object.entries(names)) {
    if (captureMode() === 'off' && freeText.has(field)) continue;
    const value = safely(`event ${name}`, () => event[field]);
    if (typeof value === 'string') attributes[name] = toText(name, value);
    else if (typeof value === 'number') attributes[name] = inSeconds(field, value);
    else if (typeof value === 'boolean') attributes[name] = value;
  }
  return attributes;
};

const inSeconds = (field: string, value: number): number =>
  field.endsWith('Ms') ? value / 1000 : value;
