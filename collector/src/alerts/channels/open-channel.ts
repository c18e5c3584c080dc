/** A channel whose secret is at hand, and what the HTTP ones make of it. */
import type { KnownChannel } from '../alert-settings.ts';
import type { Delivery } from '../delivery.ts';

/** Lives as long as a message is sent, and is written nowhere. */
export type OpenChannel = KnownChannel & {
  /** Empty = none. */
  readonly secret: string;
};

export type HttpRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** One after the other, since a later one says what became of an earlier. */
export type RequestChain = readonly HttpRequest[];

/** One message; all of its requests have to be taken. */
export type ToRequests = (
  channel: OpenChannel,
  delivery: Delivery,
  context: {
    /** Of the dashboard, as people reach it; empty = not known. */
    readonly publicUrl: string;
    readonly nowMs: number;
  },
) => readonly RequestChain[];

export function toJsonRequest(url: string, payload: unknown): HttpRequest {
  return { url, headers: { 'content-type': 'application/json' }, body: JSON.stringify(payload) };
}
