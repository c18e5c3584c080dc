/** OTLP bodies for tests, from the JSON form in either encoding. Written apart from the decoders it tests. */
import type { Encoding } from './replies.ts';

export type Json = { readonly [field: string]: unknown };

/** How a field is written: a number with its scalar form, or a message with fields of its own. */
type Scalar = 'hex' | 'text' | 'base64' | 'varint' | 'zigzag' | 'fixed64' | 'fixed32' | 'double';
type Field = readonly [number: number, form: Scalar | (() => Message)];
type Message = Readonly<Record<string, Field>>;

const anyValue: Message = {
  stringValue: [1, 'text'],
  boolValue: [2, 'varint'],
  intValue: [3, 'varint'],
  doubleValue: [4, 'double'],
  arrayValue: [5, () => ({ values: [1, () => anyValue] })],
  kvlistValue: [6, () => ({ values: [1, () => keyValue] })],
  bytesValue: [7, 'base64'],
};
const keyValue: Message = { key: [1, 'text'], value: [2, () => anyValue] };
const attributes = (number: number): Field => [number, () => keyValue];

const event: Message = {
  timeUnixNano: [1, 'fixed64'],
  name: [2, 'text'],
  attributes: attributes(3),
  droppedAttributesCount: [4, 'varint'],
};
const link: Message = {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'text'],
  attributes: attributes(4),
  droppedAttributesCount: [5, 'varint'],
};
const span: Message = {
  traceId: [1, 'hex'],
  spanId: [2, 'hex'],
  traceState: [3, 'text'],
  parentSpanId: [4, 'hex'],
  name: [5, 'text'],
  kind: [6, 'varint'],
  startTimeUnixNano: [7, 'fixed64'],
  endTimeUnixNano: [8, 'fixed64'],
  attributes: attributes(9),
  droppedAttributesCount: [10, 'varint'],
  events: [11, () => event],
  droppedEventsCount: [12, 'varint'],
  links: [13, () => link],
  droppedLinksCount: [14, 'varint'],
  status: [15, () => ({ message: [2, 'text'], code: [3, 'varint'] })],
  flags: [16, 'fixed32'],
};
const scope: Message = { name: [1, 'text'], version: [2, 'text'], attributes: attributes(3) };
const logRecord: Message = {
  timeUnixNano: [1, 'fixed64'],
  severityNumber: [2, 'varint'],
  severityText: [3, 'text'],
  body: [5, () => anyValue],
  attributes: attributes(6),
  droppedAttributesCount: [7, 'varint'],
  flags: [8, 'fixed32'],
  traceId: [9, 'hex'],
  spanId: [10, 'hex'],
  observedTimeUnixNano: [11, 'fixed64'],
  eventName: [12, 'text'],
};
const exemplar: Message = {
  timeUnixNano: [2, 'fixed64'],
  asDouble: [3, 'double'],
  spanId: [4, 'hex'],
  traceId: [5, 'hex'],
  asInt: [6, 'fixed64'],
  filteredAttributes: attributes(7),
};
const numberPoint: Message = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  asDouble: [4, 'double'],
  exemplars: [5, () => exemplar],
  asInt: [6, 'fixed64'],
  attributes: attributes(7),
  flags: [8, 'varint'],
};
/** Numbers of lists one by one; exporters pack them. */
const histogramPoint: Message = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  bucketCounts: [6, 'fixed64'],
  explicitBounds: [7, 'double'],
  exemplars: [8, () => exemplar],
  attributes: attributes(9),
  flags: [10, 'varint'],
  min: [11, 'double'],
  max: [12, 'double'],
};
const buckets: Message = { offset: [1, 'zigzag'], bucketCounts: [2, 'varint'] };
const exponentialPoint: Message = {
  attributes: attributes(1),
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  scale: [6, 'zigzag'],
  zeroCount: [7, 'fixed64'],
  positive: [8, () => buckets],
  negative: [9, () => buckets],
  flags: [10, 'varint'],
  exemplars: [11, () => exemplar],
  min: [12, 'double'],
  max: [13, 'double'],
  zeroThreshold: [14, 'double'],
};
const summaryPoint: Message = {
  startTimeUnixNano: [2, 'fixed64'],
  timeUnixNano: [3, 'fixed64'],
  count: [4, 'fixed64'],
  sum: [5, 'double'],
  quantileValues: [6, () => ({ quantile: [1, 'double'], value: [2, 'double'] })],
  attributes: attributes(7),
  flags: [8, 'varint'],
};
const dataOf = (point: Message): Message => ({
  dataPoints: [1, () => point],
  aggregationTemporality: [2, 'varint'],
  isMonotonic: [3, 'varint'],
});
const metric: Message = {
  name: [1, 'text'],
  description: [2, 'text'],
  unit: [3, 'text'],
  gauge: [5, () => dataOf(numberPoint)],
  sum: [7, () => dataOf(numberPoint)],
  histogram: [9, () => dataOf(histogramPoint)],
  exponentialHistogram: [10, () => dataOf(exponentialPoint)],
  summary: [11, () => dataOf(summaryPoint)],
};

/** The three signals differ in their records alone. */
function resourceOf(scopes: string, records: string, record: Message): Field {
  const group: Message = {
    scope: [1, () => scope],
    [records]: [2, () => record],
    schemaUrl: [3, 'text'],
  };
  return [
    1,
    () => ({
      resource: [1, () => ({ attributes: attributes(1) })],
      [scopes]: [2, () => group],
      schemaUrl: [3, 'text'],
    }),
  ];
}

const anyRequest: Message = {
  resourceSpans: resourceOf('scopeSpans', 'spans', span),
  resourceLogs: resourceOf('scopeLogs', 'logRecords', logRecord),
  resourceMetrics: resourceOf('scopeMetrics', 'metrics', metric),
};

export function encode(request: Json, encoding: Encoding): string | Uint8Array<ArrayBuffer> {
  if (encoding === 'application/json') return JSON.stringify(request);
  return Uint8Array.from(encodeMessage(request, anyRequest));
}

function encodeMessage(source: Json, message: Message): Buffer {
  const parts = Object.entries(source).flatMap(([name, value]) => {
    const field = message[name];
    if (field === undefined || value === null || value === undefined) return [];
    return (Array.isArray(value) ? value : [value]).map((item) => encodeField(field, item));
  });
  return Buffer.concat(parts);
}

function encodeField([number, form]: Field, value: unknown): Buffer {
  if (typeof form === 'function') return delimited(number, encodeMessage(value as Json, form()));
  const text = String(value);
  if (form === 'hex') return delimited(number, Buffer.from(text, 'hex'));
  if (form === 'text') return delimited(number, Buffer.from(text, 'utf8'));
  if (form === 'base64') return delimited(number, Buffer.from(text, 'base64'));
  if (form === 'varint') return Buffer.concat([tag(number, 0), varint(toBigInt(value))]);
  if (form === 'zigzag') return Buffer.concat([tag(number, 0), varint(toZigzag(Number(value)))]);
  if (form === 'fixed32') return Buffer.concat([tag(number, 5), fixed32(Number(value))]);
  return Buffer.concat([tag(number, 1), form === 'double' ? double(Number(value)) : fixed64(text)]);
}

function toBigInt(value: unknown): bigint {
  return BigInt.asUintN(64, typeof value === 'boolean' ? BigInt(value) : BigInt(String(value)));
}

function toZigzag(value: number): bigint {
  return BigInt(((value << 1) ^ (value >> 31)) >>> 0);
}

export function delimited(number: number, bytes: Buffer): Buffer {
  return Buffer.concat([tag(number, 2), varint(BigInt(bytes.length)), bytes]);
}

export function tag(number: number, wireType: number): Buffer {
  return varint(BigInt(number * 8 + wireType));
}

export function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

function fixed64(text: string): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, BigInt(text)));
  return bytes;
}

function fixed32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function double(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return bytes;
}
