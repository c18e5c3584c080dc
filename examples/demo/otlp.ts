/** OTLP/JSON as it goes over the wire to `POST /v1/traces`, and the way from plain JavaScript values to it. */

type AnyValue =
  | { stringValue: string }
  | { boolValue: boolean }
  /** A decimal string: 64 bits do not fit a JSON number. */
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: AnyValue[] } }
  | { kvlistValue: { values: KeyValue[] } };

export type KeyValue = { key: string; value: AnyValue };

export type OtlpSpan = {
  traceId: string;
  spanId: string;
  /** Empty for a root. */
  parentSpanId: string;
  name: string;
  /** 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  kind: number;
  startTimeUnixNano: string;
  /** "0" while the span is running. */
  endTimeUnixNano: string;
  attributes: KeyValue[];
  events: { timeUnixNano: string; name: string; attributes: KeyValue[] }[];
  links: { traceId: string; spanId: string; attributes: KeyValue[] }[];
  /** code: 0 unset, 1 ok, 2 error. */
  status: { code: number; message?: string };
};

export type ResourceSpans = {
  resource: { attributes: KeyValue[] };
  scopeSpans: { scope: { name: string; version: string }; spans: OtlpSpan[] }[];
};

/** The body of one `POST /v1/traces`. */
export type TraceRequest = { resourceSpans: ResourceSpans[] };

export type Value =
  | string
  | number
  | boolean
  | readonly Value[]
  | { readonly [key: string]: Value };
export type Attributes = Readonly<Record<string, Value>>;

export function toKeyValues(entries: Iterable<readonly [string, Value]>): KeyValue[] {
  return Array.from(entries, ([key, value]) => ({ key, value: toAnyValue(value) }));
}

function toAnyValue(value: Value): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  if (isList(value)) return { arrayValue: { values: value.map(toAnyValue) } };
  return { kvlistValue: { values: toKeyValues(Object.entries(value)) } };
}

function isList(value: object): value is readonly Value[] {
  return Array.isArray(value);
}

/** Milliseconds may carry a fraction; a double keeps whole microseconds of today's dates, so finer is cut off. */
export function toUnixNano(unixMs: number): string {
  return String(BigInt(Math.round(unixMs * 1000)) * 1000n);
}
