import { ROOT_CONTEXT, trace } from '@opentelemetry/api';
import { parentContext } from '../context.ts';
import type { LooseSpec, Operation } from '../operation.ts';
import { safely } from '../safely.ts';
import type { Carrier } from '../spec.ts';

/** When a message was sent, in epoch milliseconds: brokers do not tell, or tell in units of their own. */
const sentKey = 'orchescope-sent';

const traceKeys = ['traceparent', 'tracestate', 'baggage'] as const;

/** What travels with a message. */
export type Letter = {
  /** Empty when whoever sent the message is not traced. */
  readonly carrier: Carrier;
  readonly sentMs: number | undefined;
};

/** The headers of a message that is being sent. */
export const headersOf = (sending: Operation): Carrier => ({
  ...sending.carrier(),
  [sentKey]: String(Date.now()),
});

/** Reads headers that may be anything: what is no text is not there. */
export const readLetter = (header: (name: string) => unknown): Letter => {
  const read = (name: string): string | undefined =>
    safely('reading a header', () => toText(header(name)));
  const carrier: Carrier = {};
  for (const name of traceKeys) {
    const value = read(name);
    if (value !== undefined) carrier[name] = value;
  }
  const sentMs = Number(read(sentKey));
  return { carrier, sentMs: sentMs > 0 ? sentMs : undefined };
};

/** Kafka gives bytes, AMQP texts; a header may come more than once. */
const toText = (value: unknown): string | undefined => {
  if (Array.isArray(value)) return toText(value[0]);
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return typeof value === 'string' ? value : undefined;
};

/** Below what was sent this long ago nobody waits any more. */
const apartAfterMs = 60_000;

/**
 * Where the span of a received message stands: below its sending, or, long after it, in a trace of its own that links
 * there. Never below what is active: a consumer's loop keeps the context of whoever started it.
 */
export const placeOf = (
  { carrier, sentMs = Date.now() }: Letter,
  apart: boolean = Date.now() - sentMs > apartAfterMs,
): Pick<LooseSpec, 'parent' | 'links'> => {
  const parent = parentContext(ROOT_CONTEXT, carrier);
  if (!apart) return { parent };
  return { parent: trace.deleteSpan(parent), links: [{ to: carrier, rel: 'caused_by' }] };
};

/** Milliseconds since a moment, as another machine's clock may have told it: never negative. */
export const waitSince = (sinceMs: number): number => Math.max(0, Date.now() - sinceMs);
