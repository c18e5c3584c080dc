/** The part of a span that its tree is drawn from. */
export type WireSpan = {
  traceId: string;
  spanId: string;
  /** Empty for a root. */
  parentSpanId: string;
  name: string;
  startTimeUnixNano: bigint;
  failed: boolean;
};

/** Field numbers of opentelemetry/proto/trace/v1/trace.proto, as far as they are read here. */
const field = {
  request: { resourceSpans: 1 },
  resourceSpans: { scopeSpans: 2 },
  scopeSpans: { spans: 2 },
  span: { traceId: 1, spanId: 2, parentSpanId: 4, name: 5, startTimeUnixNano: 7, status: 15 },
  status: { code: 3 },
} as const;

/** Reads an ExportTraceServiceRequest with nothing but the wire format, so that no exporter checks itself. */
export function readTraceRequest(body: Buffer): WireSpan[] {
  return all(body, field.request.resourceSpans).flatMap((resourceSpans) =>
    all(resourceSpans, field.resourceSpans.scopeSpans).flatMap((scopeSpans) =>
      all(scopeSpans, field.scopeSpans.spans).map(readSpan),
    ),
  );
}

function readSpan(message: Buffer): WireSpan {
  const first = (number: number) => all(message, number)[0] ?? Buffer.alloc(0);
  const status = readFields(first(field.span.status));
  const start = readFields(message).find(({ number }) => number === field.span.startTimeUnixNano);
  return {
    traceId: first(field.span.traceId).toString('hex'),
    spanId: first(field.span.spanId).toString('hex'),
    parentSpanId: first(field.span.parentSpanId).toString('hex'),
    name: first(field.span.name).toString('utf8'),
    startTimeUnixNano: start?.integer ?? 0n,
    failed: status.some(({ number, integer }) => number === field.status.code && integer === 2n),
  };
}

function all(message: Buffer, number: number): Buffer[] {
  return readFields(message)
    .filter((each) => each.number === number)
    .map((each) => each.bytes);
}

type Field = { number: number; integer: bigint; bytes: Buffer };

/** Wire types: 0 varint, 1 eight bytes, 2 length and bytes, 5 four bytes. */
function readFields(message: Buffer): Field[] {
  const fields: Field[] = [];
  const cursor = { at: 0 };
  while (cursor.at < message.length) {
    const tag = Number(readVarint(message, cursor));
    fields.push({ number: tag >>> 3, ...readValue(message, cursor, tag & 7) });
  }
  return fields;
}

function readValue(
  message: Buffer,
  cursor: { at: number },
  wireType: number,
): Omit<Field, 'number'> {
  const none = Buffer.alloc(0);
  if (wireType === 0) return { integer: readVarint(message, cursor), bytes: none };
  const length = wireType === 2 ? Number(readVarint(message, cursor)) : wireType === 1 ? 8 : 4;
  const bytes = message.subarray(cursor.at, cursor.at + length);
  cursor.at += length;
  return { integer: wireType === 1 ? bytes.readBigUInt64LE() : 0n, bytes };
}

function readVarint(message: Buffer, cursor: { at: number }): bigint {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = message.readUInt8(cursor.at++);
    value |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) return value;
  }
}
