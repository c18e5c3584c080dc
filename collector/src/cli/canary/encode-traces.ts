/** Just enough of OTLP's protobuf to send what a canary sends. Field numbers are those of opentelemetry/proto/trace/v1/trace.proto. */
export type CanaryAttributes = Readonly<Record<string, string | number>>;

export type CanarySpan = {
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for a root. */
  readonly parentSpanId: string;
  readonly name: string;
  readonly startTimeUnixNano: bigint;
  readonly endTimeUnixNano: bigint;
  readonly attributes: CanaryAttributes;
};

export function encodeTraces(
  resource: CanaryAttributes,
  scope: { readonly name: string; readonly version: string },
  spans: readonly CanarySpan[],
): Buffer {
  const scopeSpans = [
    message(1, [text(1, scope.name), text(2, scope.version)]),
    ...spans.map((span) => message(2, encodeSpan(span))),
  ];
  return message(1, [message(1, encodeAttributes(1, resource)), message(2, scopeSpans)]);
}

function encodeSpan(span: CanarySpan): Buffer[] {
  return [
    bytes(1, Buffer.from(span.traceId, 'hex')),
    bytes(2, Buffer.from(span.spanId, 'hex')),
    bytes(4, Buffer.from(span.parentSpanId, 'hex')),
    text(5, span.name),
    Buffer.concat([tag(6, 0), varint(1)]),
    fixed64(7, span.startTimeUnixNano),
    fixed64(8, span.endTimeUnixNano),
    ...encodeAttributes(9, span.attributes),
  ];
}

function encodeAttributes(field: number, attributes: CanaryAttributes): Buffer[] {
  return Object.entries(attributes).map(([key, value]) => {
    const any =
      typeof value === 'string' ? text(1, value) : Buffer.concat([tag(3, 0), varint(value)]);
    return message(field, [text(1, key), message(2, [any])]);
  });
}

function message(field: number, parts: readonly Buffer[]): Buffer {
  return bytes(field, Buffer.concat(parts));
}

function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([tag(field, 2), varint(value.length), value]);
}

function fixed64(field: number, value: bigint): Buffer {
  const buffer = Buffer.alloc(8);
  buffer.writeBigUInt64LE(value);
  return Buffer.concat([tag(field, 1), buffer]);
}

function tag(field: number, wireType: number): Buffer {
  return varint(field * 8 + wireType);
}

/** Of a whole number that is not negative. */
function varint(value: number): Buffer {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) + 128);
  return Buffer.from([...out, rest]);
}
