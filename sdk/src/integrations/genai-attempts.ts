import type { SpanContext } from '@opentelemetry/api';

/** A request that failed and may be sent again. */
export type Failed = {
  readonly attempt: number;
  readonly span: SpanContext;
  readonly reason: string;
  /** On the clock of `performance.now()`. */
  readonly atMs: number;
};

const keptAtMost = 256;

/** The latest failures, by what tells requests apart. A repeated request takes its own out. */
const failures = new Map<string, Failed>();

/** The same request below the same span: clients send every attempt as a request of its own. */
export const requestKey = (parentSpanId: string, address: string, body: string): string =>
  `${parentSpanId} ${address} ${body.length} ${body.slice(0, 200)} ${body.slice(-200)}`;

export const rememberFailure = (key: string, failed: Omit<Failed, 'atMs'>): void => {
  failures.delete(key);
  failures.set(key, { ...failed, atMs: performance.now() });
  const oldest = failures.keys().next();
  if (failures.size > keptAtMost && oldest.done !== true) failures.delete(oldest.value);
};

export const takeFailure = (key: string): Failed | undefined => {
  const failed = failures.get(key);
  failures.delete(key);
  return failed;
};

/** What is worth another try: no answer at all, or one that says later. */
export const isTransient = (status: number): boolean =>
  status === 408 || status === 409 || status === 429 || status >= 500;

/** When the server wants to be asked again; `retry-after` may be seconds or a date. */
export const retryAfterMs = (headers: Headers): number | undefined => {
  const exact = Number.parseFloat(headers.get('retry-after-ms') ?? '');
  if (Number.isFinite(exact)) return Math.max(0, exact);
  const after = headers.get('retry-after') ?? '';
  const seconds = Number(after);
  if (after !== '' && Number.isFinite(seconds)) return Math.max(0, seconds * 1000);
  const date = Date.parse(after);
  return Number.isNaN(date) ? undefined : Math.max(0, date - Date.now());
};
